import type { SnapshotPart } from '@jarvis-load/engine';
import { Histogram, type HistogramSnapshot } from '@jarvis-load/engine/recorder';
import type { Second } from '../live-output.ts';

/** The last intervals of a run, for values that describe a window. */
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

/** One histogram that is used for all windows, because an empty one grows to the size of its largest value. */
const scratch = new Histogram();

/** Statistics of the values of these snapshots together; undefined without a value. */
export function windowStats(snapshots: Iterable<HistogramSnapshot | undefined>): WindowStats | undefined {
  scratch.reset();
  for (const snapshot of snapshots) if (snapshot !== undefined) scratch.addSnapshot(snapshot);
  const { count, sum, min, max } = scratch;
  if (min === undefined || max === undefined) return undefined;
  const quantile = (p: number): number => (scratch.quantile(p) ?? 0) / 1e6;
  return {
    min: min / 1e6,
    max: max / 1e6,
    avg: sum / count / 1e6,
    med: quantile(0.5),
    p90: quantile(0.9),
    p95: quantile(0.95),
    p99: quantile(0.99),
    count,
    sum: sum / 1e6,
  };
}
