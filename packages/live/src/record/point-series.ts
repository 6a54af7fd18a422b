import { mergeSnapshots, quantileOfSnapshot, type HistogramSnapshot } from '@jarvis-load/engine/recorder';
import type { Point } from '../api/run-schema.ts';

/** More would not be seen on a screen, and memory and messages stay bounded however long the run is. */
const MOST_POINTS = 600;
const SECOND_MS = 1000;
/** Intervals start at whole seconds, within the resolution of timers. */
const GRAIN_MS = 10;

interface Bin {
  point: Point;
  times: HistogramSnapshot;
}

/**
 * The history of a run: a point per second; neighbours are merged to 2 s, 4 s and so on when there are too many. Merging
 * histograms is exact, so wide points have exact quantiles too.
 */
export class PointSeries {
  #binMs = SECOND_MS;
  #bins: Bin[] = [];

  get history(): { readonly binMs: number; readonly points: Point[] } {
    return { binMs: this.#binMs, points: this.#bins.map(({ point }) => point) };
  }

  /**
   * Adds an interval.
   * @param times its response times, microseconds
   * @returns whether points changed that are older than the last one
   */
  add(point: Point, times: HistogramSnapshot): { readonly last: Point; readonly isWidened: boolean } {
    const last = this.#bins.at(-1);
    const isFraction = point.durationMs < SECOND_MS / 2;
    if (last !== undefined && (isFraction || this.#binOf(point.atMs) === this.#binOf(last.point.atMs)))
      mergeInto(last, { point, times });
    else this.#bins.push({ point, times });
    let isWidened = false;
    while (this.#bins.length > MOST_POINTS) {
      this.#widen();
      isWidened = true;
    }
    return { last: this.#bins.at(-1)!.point, isWidened };
  }

  #binOf(atMs: number): number {
    return Math.floor((atMs + GRAIN_MS) / this.#binMs);
  }

  #widen(): void {
    this.#binMs *= 2;
    const wide: Bin[] = [];
    for (const bin of this.#bins) {
      const last = wide.at(-1);
      if (last !== undefined && this.#binOf(bin.point.atMs) === this.#binOf(last.point.atMs))
        mergeInto(last, bin);
      else wide.push(bin);
    }
    this.#bins = wide;
  }
}

function mergeInto(into: Bin, bin: Bin): void {
  into.times = mergeSnapshots([into.times, bin.times]);
  const [a, b] = [into.point, bin.point];
  into.point = {
    ...b,
    atMs: a.atMs,
    durationMs: a.durationMs + b.durationMs,
    iterations: a.iterations + b.iterations,
    dropped: a.dropped + b.dropped,
    requests: a.requests + b.requests,
    outcomes: sumOutcomes(a.outcomes, b.outcomes),
    ...quantilesOf(into.times),
  };
}

/** Sums by outcome. */
export function sumOutcomes(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Record<string, number> {
  const sum: Record<string, number> = { ...a };
  for (const [outcome, count] of Object.entries(b)) sum[outcome] = (sum[outcome] ?? 0) + count;
  return sum;
}

/** Quantiles of response times, milliseconds. */
function quantilesOf(times: HistogramSnapshot): Pick<Point, 'p50Ms' | 'p95Ms' | 'p99Ms'> {
  const quantile = (p: number): number | null => {
    const us = quantileOfSnapshot(times, p);
    return us === undefined ? null : us / 1000;
  };
  return { p50Ms: quantile(0.5), p95Ms: quantile(0.95), p99Ms: quantile(0.99) };
}
