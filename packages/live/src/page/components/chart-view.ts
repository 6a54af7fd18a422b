import { signal } from '@preact/signals';

/** Seconds under the pointer, or chosen with the arrow keys, in all charts at once; null: none. */
export const cursor = signal<number | null>(null);
/** The part of the run that charts show, in seconds; null: all of it. */
export const zoom = signal<readonly [from: number, to: number] | null>(null);
/** Names of series that are switched off, in all charts. */
export const hidden = signal<ReadonlySet<string>>(new Set());

export function toggle(name: string): void {
  const next = new Set(hidden.value);
  if (!next.delete(name)) next.add(name);
  hidden.value = next;
}
