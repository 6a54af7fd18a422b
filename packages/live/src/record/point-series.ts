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

/** Points of one width. */
interface Level<P> {
  readonly binMs: number;
  readonly points: P[];
  /** Response times of the last point, microseconds; undefined without a point. */
  times: HistogramSnapshot | undefined;
}

/**
 * A history: a point per second; neighbours are merged to 2 s, 4 s and so on when there are too many. Merging histograms
 * is exact, so wide points have exact quantiles too.
 *
 * Must hold:
 * - Points of twice, four times, ... the shown width are made while the run goes on, each from two that have ended: a histogram for
 *   each width is enough, so memory does not grow with the latencies that occur, and no second has to merge hundreds of points.
 * - Intervals are added in the order of their time.
 */
export class PointSeries<P extends CountedPoint> {
  readonly #most: number;
  readonly #rest: (a: P, b: P) => P;
  /** The first one is shown; each further one has twice the width, and lacks what the ones before it have in their last points. */
  readonly #levels: Level<P>[] = [levelOf<P>(SECOND_MS)];

  /**
   * @param most points; more would not be seen on a screen, and memory and messages stay bounded
   * @param rest merges what only points of this kind have; the parts of `CountedPoint` are set afterwards
   */
  constructor(most: number, rest: (a: P, b: P) => P) {
    this.#most = most;
    this.#rest = rest;
  }

  get history(): { readonly binMs: number; readonly points: P[] } {
    const { binMs, points } = this.#levels[0]!;
    return { binMs, points: [...points] };
  }

  /**
   * Adds an interval.
   * @param times its response times, microseconds
   * @returns the last point, and whether older ones changed
   */
  add(point: P, times: HistogramSnapshot): { readonly last: P; readonly isWidened: boolean } {
    this.#put(0, point, times, point.durationMs < SECOND_MS / 2);
    let isWidened = false;
    while (this.#levels[0]!.points.length > this.#most) {
      this.#end(0);
      this.#levels.shift();
      isWidened = true;
    }
    return { last: this.#levels[0]!.points.at(-1)!, isWidened };
  }

  /** @param joins whether it belongs to the last point, whatever its time */
  #put(index: number, point: P, times: HistogramSnapshot, joins = false): void {
    const level = this.#levels[index]!;
    const last = level.points.at(-1);
    if (last === undefined || !(joins || binOf(level, point) === binOf(level, last))) {
      this.#end(index);
      level.points.push(point);
      level.times = times;
      return;
    }
    level.times = mergeSnapshots([level.times!, times]);
    level.points[level.points.length - 1] = {
      ...this.#rest(last, point),
      atMs: last.atMs,
      // Of an operation, seconds without a request have no point: the end counts, not the sum.
      durationMs: point.atMs + point.durationMs - last.atMs,
      requests: last.requests + point.requests,
      outcomes: sumOutcomes(last.outcomes, point.outcomes),
      ...quantilesOf(level.times),
    };
  }

  /** Hands the last point of a level, which gets nothing more, to the next one. */
  #end(index: number): void {
    const { binMs, points, times } = this.#levels[index]!;
    const last = points.at(-1);
    if (last === undefined) return;
    if (this.#levels.length === index + 1) this.#levels.push(levelOf(2 * binMs));
    this.#put(index + 1, last, times!);
  }
}

function levelOf<P>(binMs: number): Level<P> {
  return { binMs, points: [], times: undefined };
}

function binOf({ binMs }: { readonly binMs: number }, { atMs }: CountedPoint): number {
  return Math.floor((atMs + GRAIN_MS) / binMs);
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
