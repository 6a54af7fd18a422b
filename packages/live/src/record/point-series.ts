import {
  HistogramPacker,
  mergeSnapshots,
  quantileOfSnapshot,
  unpackHistograms,
  type HistogramSnapshot,
} from '@jarvis-load/engine/recorder';
import type { Point } from '../api/run-schema.ts';

const SECOND_MS = 1000;
/** Intervals start at whole seconds, within the resolution of timers. */
const GRAIN_MS = 10;

/** What every point has: a stretch of time, and the requests in it. */
export type CountedPoint = Pick<
  Point,
  'atMs' | 'durationMs' | 'requests' | 'outcomes' | 'p50Ms' | 'p95Ms' | 'p99Ms'
>;

/** Histograms that are packed at once. */
const BLOCK = 64;

/** A point, and the response times that its quantiles are of, microseconds. */
interface Bin<P> {
  point: P;
  times: HistogramSnapshot;
}

/**
 * A history: a point per second; neighbours are merged to 2 s, 4 s and so on when there are too many. Merging histograms
 * is exact, so wide points have exact quantiles too.
 *
 * The histogram of each point is kept for the next merge. All but the latest are packed, exactly, to about a tenth of their size: wide points
 * hold more of the latencies that occur, and their memory would grow for hours.
 */
export class PointSeries<P extends CountedPoint> {
  readonly #most: number;
  readonly #rest: (a: P, b: P) => P;
  #binMs = SECOND_MS;
  readonly #points: P[] = [];
  /** Response times of the first points, {@link BLOCK} each. */
  #blocks: Uint8Array[] = [];
  /** Those of the points after them; never empty once there is a point. */
  #latest: HistogramSnapshot[] = [];

  /**
   * @param most points; more would not be seen on a screen, and memory and messages stay bounded
   * @param rest merges what only points of this kind have; the parts of `CountedPoint` are set afterwards
   */
  constructor(most: number, rest: (a: P, b: P) => P) {
    this.#most = most;
    this.#rest = rest;
  }

  get history(): { readonly binMs: number; readonly points: P[] } {
    return { binMs: this.#binMs, points: [...this.#points] };
  }

  /**
   * Adds an interval.
   * @param times its response times, microseconds
   * @returns the last point, and whether older ones changed
   */
  add(point: P, times: HistogramSnapshot): { readonly last: P; readonly isWidened: boolean } {
    const last = this.#points.at(-1);
    const isFraction = point.durationMs < SECOND_MS / 2;
    if (last !== undefined && (isFraction || this.#binOf(point.atMs) === this.#binOf(last.atMs))) {
      this.#points.pop();
      this.#push(this.#merged({ point: last, times: this.#latest.pop()! }, { point, times }));
    } else this.#push({ point, times });
    let isWidened = false;
    while (this.#points.length > this.#most) {
      this.#widen();
      isWidened = true;
    }
    return { last: this.#points.at(-1)!, isWidened };
  }

  #binOf(atMs: number): number {
    return Math.floor((atMs + GRAIN_MS) / this.#binMs);
  }

  #push({ point, times }: Bin<P>): void {
    if (this.#latest.length > BLOCK) {
      const packer = new HistogramPacker();
      for (const each of this.#latest.splice(0, BLOCK)) packer.add(each);
      this.#blocks.push(packer.bytes);
    }
    this.#points.push(point);
    this.#latest.push(times);
  }

  #widen(): void {
    this.#binMs *= 2;
    const all = [...this.#blocks.flatMap((block) => unpackHistograms(block)), ...this.#latest];
    const narrow = this.#points.splice(0).map((point, index): Bin<P> => ({ point, times: all[index]! }));
    this.#blocks = [];
    this.#latest = [];
    let wide: Bin<P> | undefined;
    for (const bin of narrow) {
      if (wide !== undefined && this.#binOf(bin.point.atMs) === this.#binOf(wide.point.atMs))
        wide = this.#merged(wide, bin);
      else {
        if (wide !== undefined) this.#push(wide);
        wide = bin;
      }
    }
    if (wide !== undefined) this.#push(wide);
  }

  #merged({ point: a, times: earlier }: Bin<P>, { point: b, times: later }: Bin<P>): Bin<P> {
    const times = mergeSnapshots([earlier, later]);
    const point = {
      ...this.#rest(a, b),
      atMs: a.atMs,
      // Of an operation, seconds without a request have no point: the end counts, not the sum.
      durationMs: b.atMs + b.durationMs - a.atMs,
      requests: a.requests + b.requests,
      outcomes: sumOutcomes(a.outcomes, b.outcomes),
      ...quantilesOf(times),
    };
    return { point, times };
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
