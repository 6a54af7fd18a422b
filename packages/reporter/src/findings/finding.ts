/** A value of the document that a sentence is built on. */
export interface Evidence {
  /** JSON pointer into the document, such as `/series/points/12/users`; names in it are escaped (`~0`, `~1`). */
  readonly pointer: string;
  readonly value: number;
}

/** One sentence about what happened in a run. The text may hold names that a target or a user chose: escape it. */
export interface Finding {
  readonly code:
    'left-limit' | 'capacity' | 'outcome' | 'freeze' | 'drift' | 'time-spent' | 'generator' | 'machine';
  readonly text: string;
  readonly evidence: readonly Evidence[];
}

/** Median; null without a value. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[Math.max(0, middle - 1)], sorted[middle]];
  if (low === undefined || high === undefined) return null;
  return sorted.length % 2 === 0 ? (low + high) / 2 : high;
}

/** `a`, `a and b`, `a, b and c`. */
export function listing(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
