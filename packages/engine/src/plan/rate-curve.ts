import type { ResolvedStage } from '../model/resolved-executor.ts';

/** A time range in which the rate is constant or changes linearly. */
interface Segment {
  readonly startMs: number;
  readonly durationMs: number;
  /** Arrivals expected before it. */
  readonly before: number;
  /** Arrivals expected in it. */
  readonly expected: number;
  /** Per millisecond. */
  readonly startRate: number;
  /** Change of the rate per millisecond. */
  readonly slope: number;
}

/**
 * The expected number of arrivals up to time t, a piecewise quadratic function, and its inverse in closed form. The
 * count goes on from stage to stage, so the fraction of an arrival that a stage leaves over is carried into the next.
 */
export class RateCurve {
  /** Expected arrivals over the whole curve. */
  readonly total: number;
  readonly durationMs: number;
  readonly #segments: readonly Segment[];
  /** Segment of the previous result: callers ask in ascending order. */
  #cursor = 0;

  /**
   * @param startRate arrivals per `timeUnitMs` at the start
   * @param stages the rate at the end of each, reached linearly; a stage of duration 0 changes the rate at once
   */
  constructor(startRate: number, timeUnitMs: number, stages: readonly ResolvedStage[]) {
    const segments: Segment[] = [];
    let rate = startRate;
    let startMs = 0;
    let before = 0;
    for (const { durationMs, target } of stages) {
      // Multiply before dividing: 3 per 1100 ms over 1100 ms must give 3, not 3.0000000000000004.
      const expected = ((rate + target) * durationMs) / 2 / timeUnitMs;
      if (expected > 0) {
        const slope = (target - rate) / timeUnitMs / durationMs;
        segments.push({ startMs, durationMs, before, expected, startRate: rate / timeUnitMs, slope });
      }
      rate = target;
      startMs += durationMs;
      before = snapToInteger(before + expected);
    }
    this.#segments = segments;
    this.total = before;
    this.durationMs = startMs;
  }

  /**
   * Offset in milliseconds after which more than `arrivals` are expected; `undefined` if `arrivals` is the total or
   * more. If the rate is 0 while exactly that number is expected, the end of that pause.
   */
  offsetOf(arrivals: number): number | undefined {
    if (arrivals >= this.total) return undefined;
    const segments = this.#segments;
    if (arrivals < (segments[this.#cursor]?.before ?? 0)) this.#cursor = 0;
    while (this.#cursor < segments.length - 1 && arrivals >= segments[this.#cursor + 1]!.before)
      this.#cursor++;
    const { startMs, durationMs, before, startRate, slope } = segments[this.#cursor]!;
    const within = arrivals - before;
    if (within <= 0) return startMs;
    // The root of startRate*t + slope*t^2/2 = within, in the form that loses no digits when the slope is small.
    const root = Math.sqrt(Math.max(0, startRate * startRate + 2 * slope * within));
    return startMs + Math.min(durationMs, (2 * within) / (startRate + root));
  }
}

/** Removes rounding errors of sums: without it, a total just above a whole number would give one extra arrival. */
function snapToInteger(value: number): number {
  const nearest = Math.round(value);
  return Math.abs(value - nearest) <= nearest * 1e-12 ? nearest : value;
}
