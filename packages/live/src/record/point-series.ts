import { mergeSnapshots, quantileOfSnapshot, type HistogramSnapshot } from '@jarvis-load/engine/recorder';
import type { Point } from '../api/run-schema.ts';

const SECOND_MS = 1000;
/** Intervals start at whole seconds, within the resolution of timers. */
const GRAIN_MS = 10;

/** What every point has: a stretch of time, and the requests in it. */
export type CountedPoint = Pick<
  Point,
  'atMs' | 'durationMs' | 'requests' | 'outcomes' | 'p50Ms' | 'p95Ms' | 'p99Ms'
>;

interface Bin<P> {
  point: P;
  times: HistogramSnapshot;
}

/**
 * A history: a point per second; neighbours are merged to 2 s, 4 s and so on when there are too many. Merging histograms
 * is exact, so wide points have exact quantiles too.
 */
export class PointSeries<P extends CountedPoint> {
  readonly #most: number;
  readonly #rest: (a: P, b: P) => P;
  #binMs = SECOND_MS;
  #bins: Bin<P>[] = [];

  /**
   * @param most points; more would not be seen on a screen, and memory and messages stay bounded
   * @param rest merges what only points of this kind have; the parts of `CountedPoint` are set afterwards
   */
  constructor(most: number, rest: (a: P, b: P) => P) {
    this.#most = most;
    this.#rest = rest;
  }

  get history(): { readonly binMs: number; readonly points: P[] } {
    return { binMs: this.#binMs, points: this.#bins.map(({ point }) => point) };
  }

  /**
   * Adds an interval.
   * @param times its response times, microseconds
   * @returns the last point, and whether older ones changed
   */
  add(point: P, times: HistogramSnapshot): { readonly last: P; readonly isWidened: boolean } {
    const last = this.#bins.at(-1);
    const isFraction = point.durationMs < SECOND_MS / 2;
    if (last !== undefined && (isFraction || this.#binOf(point.atMs) === this.#binOf(last.point.atMs)))
      this.#merge(last, { point, times });
    else this.#bins.push({ point, times });
    let isWidened = false;
    while (this.#bins.length > this.#most) {
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
    const wide: Bin<P>[] = [];
    for (const bin of this.#bins) {
      const last = wide.at(-1);
      if (last !== undefined && this.#binOf(bin.point.atMs) === this.#binOf(last.point.atMs))
        this.#merge(last, bin);
      else wide.push(bin);
    }
    this.#bins = wide;
  }

  #merge(into: Bin<P>, bin: Bin<P>): void {
    into.times = mergeSnapshots([into.times, bin.times]);
    const [a, b] = [into.point, bin.point];
    into.point = {
      ...this.#rest(a, b),
      atMs: a.atMs,
      // Of an operation, seconds without a request have no point: the end counts, not the sum.
      durationMs: b.atMs + b.durationMs - a.atMs,
      requests: a.requests + b.requests,
      outcomes: sumOutcomes(a.outcomes, b.outcomes),
      ...quantilesOf(into.times),
    };
  }
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
