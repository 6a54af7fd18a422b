import type { ResolvedConstantArrivalRate, ResolvedRampingArrivalRate } from '../executors/resolved.ts';
import { deriveRandom, type Random } from '../random.ts';
import { RateCurve } from './rate-curve.ts';

/** When iterations are to start: a list that depends on the options and the seed alone, drawn one by one. */
export interface ArrivalSchedule {
  /** Offset of the next arrival since the start of the executor, in milliseconds, ascending; `undefined` after the last. */
  next(): number | undefined;
}

/** Executors whose iterations follow a schedule. */
export type ArrivalRateExecutor = ResolvedConstantArrivalRate | ResolvedRampingArrivalRate;

/**
 * The schedule of an arrival-rate executor. Uniform: arrival k, from 0, is at the moment at which k are expected, so
 * k/rate for a constant rate; a ramp from r0 with slope a solves r0*t + a*t^2/2 = k. Poisson: the running sum of
 * -ln(1-U), a Poisson process of rate 1, on the time scale of the expected arrivals (the time-rescaling theorem), so
 * that its rate follows ramps exactly.
 * @param seed of the Poisson process; a uniform schedule has no chance in it
 * @param streamIds tell the schedules of one run apart
 */
export function planArrivals(
  executor: ArrivalRateExecutor,
  seed: number,
  ...streamIds: readonly number[]
): ArrivalSchedule {
  const curve = rateCurveOf(executor);
  return executor.arrivals === 'poisson'
    ? poissonArrivals(curve, deriveRandom(seed, ...streamIds))
    : uniformArrivals(curve);
}

/** How many arrivals {@link planArrivals} gives for the same arguments; a Poisson process is drawn once to know. */
export function plannedArrivals(
  executor: ArrivalRateExecutor,
  seed: number,
  ...streamIds: readonly number[]
): number {
  if (executor.arrivals === 'uniform') return Math.ceil(rateCurveOf(executor).total);
  const schedule = planArrivals(executor, seed, ...streamIds);
  let count = 0;
  while (schedule.next() !== undefined) count++;
  return count;
}

/** One thread's part: thread j of n takes arrivals k = j mod n, so that the union is exactly the whole schedule. */
export function splitSchedule(schedule: ArrivalSchedule, thread: number, threads: number): ArrivalSchedule {
  let skip = thread;
  return {
    next() {
      for (; skip > 0; skip--) schedule.next();
      skip = threads - 1;
      return schedule.next();
    },
  };
}

/** Expected arrivals over time of an arrival-rate executor. */
export function rateCurveOf(executor: ArrivalRateExecutor): RateCurve {
  if (executor.kind === 'ramping-arrival-rate') {
    return new RateCurve(executor.startRate, executor.timeUnitMs, executor.stages);
  }
  const stage = { durationMs: executor.durationMs, target: executor.rate };
  return new RateCurve(executor.rate, executor.timeUnitMs, [stage]);
}

function uniformArrivals(curve: RateCurve): ArrivalSchedule {
  let k = 0;
  return { next: () => curve.offsetOf(k++) };
}

function poissonArrivals(curve: RateCurve, random: Random): ArrivalSchedule {
  let expected = 0;
  return {
    next() {
      expected -= Math.log1p(-random());
      return curve.offsetOf(expected);
    },
  };
}
