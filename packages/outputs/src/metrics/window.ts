import type { SnapshotPart } from '@jarvis-load/engine';
import { BUCKET_COUNT, highestValueAt, rankOf, type HistogramSnapshot } from '@jarvis-load/engine/recorder';
import type { Second } from '../exporter.ts';

/** The last intervals of a run, at least one, for values that describe a window. Its length is 500 ms or more; `add` gets them in order. */
export class Window {
  readonly #lengthMs: number;
  #parts: { readonly endMs: number; readonly delta: SnapshotPart }[] = [];

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  get parts(): readonly SnapshotPart[] {
    return this.#parts.map(({ delta }) => delta);
  }

  add({ endMs, delta }: Pick<Second, 'endMs' | 'delta'>): void {
    this.#parts.push({ endMs, delta });
    // Intervals end a little after the second: allow half of one.
    const from = endMs - this.#lengthMs + 500;
    this.#parts = this.#parts.filter((part) => part.endMs >= from);
  }
}

/** Values of one histogram over a window; times are seconds. */
export interface WindowStats {
  readonly min: number;
  readonly max: number;
  readonly avg: number;
  readonly med: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly count: number;
  readonly sum: number;
}

/** The names of {@link WindowStats}, which are k6's suffixes of a trend. */
export const WINDOW_STATS = ['min', 'max', 'avg', 'med', 'p90', 'p95', 'p99', 'count', 'sum'] as const;

/** Counts of the buckets of one window, all 0 between two calls; one array, because it has an entry per bucket. */
const scratch = new Float64Array(BUCKET_COUNT);
const QUANTILES = [0.5, 0.9, 0.95, 0.99] as const;

/**
 * Statistics of the values of these snapshots together; undefined without a value. Quantiles are those of the engine's
 * `Histogram`, all found in one pass over the buckets between minimum and maximum, which empties them for the next window.
 */
export function windowStats(snapshots: Iterable<HistogramSnapshot | undefined>): WindowStats | undefined {
  let [count, sum, min, max, first, last] = [0, 0, Number.POSITIVE_INFINITY, -1, BUCKET_COUNT, -1];
  for (const snapshot of snapshots) {
    if (snapshot === undefined || snapshot.count === 0) continue;
    const { indexes, counts } = snapshot;
    for (let k = 0; k < indexes.length; k++) scratch[indexes[k]!]! += counts[k]!;
    first = Math.min(first, indexes[0]!);
    last = Math.max(last, indexes[indexes.length - 1]!);
    count += snapshot.count;
    sum += snapshot.sum;
    min = Math.min(min, snapshot.min);
    max = Math.max(max, snapshot.max);
  }
  if (count === 0) return undefined;
  const [med, p90, p95, p99] = takeQuantiles(first, last, count, max);
  return {
    min: min / 1e6,
    max: max / 1e6,
    avg: sum / count / 1e6,
    med: med! / 1e6,
    p90: p90! / 1e6,
    p95: p95! / 1e6,
    p99: p99! / 1e6,
    count,
    sum: sum / 1e6,
  };
}

/** The {@link QUANTILES} of the values in the scratch array, which is then empty. @param max exact largest value */
function takeQuantiles(first: number, last: number, count: number, max: number): readonly number[] {
  const found: number[] = [];
  let below = 0;
  let rank = rankOf(QUANTILES[0], count);
  for (let index = first; index <= last; index++) {
    below += scratch[index]!;
    scratch[index] = 0;
    while (below >= rank) {
      found.push(index === last ? max : highestValueAt(index));
      const next = QUANTILES[found.length];
      rank = next === undefined ? Number.POSITIVE_INFINITY : rankOf(next, count);
    }
  }
  return found;
}
