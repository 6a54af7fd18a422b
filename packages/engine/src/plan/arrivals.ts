import type { ResolvedConstantArrivalRate, ResolvedRampingArrivalRate } from '../model/resolved-executor.ts';
import { deriveRandom, type Random } from '../random.ts';
import type { ArrivalPattern, Turn } from '../model/executor-options.ts';
import { gammaDraws } from './gamma.ts';
import { countOfPart } from './count-of-part.ts';
import { RateCurve } from './rate-curve.ts';

/*
 * Must hold:
 * - Threads, and scenarios that share a schedule, pass the same `seed` and `streamIds`: each computes the whole schedule and
 *   keeps its part. A schedule is split by `turn` first (`arrivalPositions`), then by thread (`splitSchedule`, by the caller).
 * - Another draw from the random stream, or another order of draws, changes the schedule of every seed.
 */

/** Intended starts of iterations, computed one at a time; depends only on the options and the seed. Can be read once. */
export interface ArrivalSchedule {
  /** Offset of the next arrival since the start of the executor, in milliseconds, ascending; `undefined` after the last. */
  next(): number | undefined;
}

/**
 * Positions of arrivals, measured in expected arrivals since the start (uniform: 0, 1, 2 ...). The rate curve converts a
 * position to a time.
 */
export interface ArrivalPositions {
  next(): number;
}

const GAMMA = 'gamma:';

/** Executors whose schedule is computed from a rate that is known before the run. */
export type ArrivalRateExecutor = ResolvedConstantArrivalRate | ResolvedRampingArrivalRate;

/**
 * The schedule of an arrival-rate executor.
 *
 * - Uniform: arrival k, from 0, is at the moment at which k are expected, so k/rate for a constant rate; a ramp from r0
 *   with slope a solves r0*t + a*t^2/2 = k.
 * - Poisson: the running sum of -ln(1-U), a Poisson process of rate 1, on the time scale of the expected arrivals (the
 *   time-rescaling theorem), so that its rate follows ramps exactly.
 * - Gamma: the same with gaps of a gamma distribution with mean 1.
 * - Turns: scenarios with a `turn` share one schedule at the sum of their rates. Uniform arrivals are assigned in
 *   rotation, random ones at random, so that each part of a Poisson process is one too.
 *
 * @param seed of the random process; a uniform schedule ignores it
 * @param streamIds give each schedule of a run its own random stream; scenarios that take turns pass the same
 */
export function planArrivals(
  executor: ArrivalRateExecutor,
  seed: number,
  ...streamIds: readonly number[]
): ArrivalSchedule {
  const curve = rateCurveOf(executor);
  const positions = arrivalPositions(executor, seed, ...streamIds);
  return { next: () => curve.offsetOf(positions.next()) };
}

/**
 * Positions of all arrivals, ascending and endless; arguments as of {@link planArrivals}. They do not depend on the rate,
 * so a change of the rate never changes them.
 */
export function arrivalPositions(
  { arrivals, turn }: Pick<ArrivalRateExecutor, 'arrivals' | 'turn'>,
  seed: number,
  ...streamIds: readonly number[]
): ArrivalPositions {
  if (arrivals === 'uniform') {
    const whole = uniformPositions();
    return turn === undefined ? whole : splitSchedule(whole, turn.index, turn.of);
  }
  const whole = randomPositions(arrivals, deriveRandom(seed, ...streamIds));
  return turn === undefined ? whole : drawnByLot(whole, turn, deriveRandom(seed, ...streamIds, turn.of));
}

/**
 * How many arrivals {@link planArrivals} gives for the same arguments; a random process is drawn in full to count
 * them.
 */
export function plannedArrivals(
  executor: ArrivalRateExecutor,
  seed: number,
  ...streamIds: readonly number[]
): number {
  const { index, of } = executor.turn ?? { index: 0, of: 1 };
  if (executor.arrivals === 'uniform') return countOfPart(Math.ceil(rateCurveOf(executor).total), index, of);
  const schedule = planArrivals(executor, seed, ...streamIds);
  let count = 0;
  while (schedule.next() !== undefined) count++;
  return count;
}

/** One thread's part: thread j of n takes arrivals k = j mod n, so that the union is exactly the whole schedule. */
export function splitSchedule<Place>(
  schedule: { next(): Place },
  thread: number,
  threads: number,
): { next(): Place } {
  let skip = thread;
  return {
    next() {
      for (; skip > 0; skip--) schedule.next();
      skip = threads - 1;
      return schedule.next();
    },
  };
}

/** Rate curve of the executor; with `turn`, of all scenarios that share the schedule. */
export function rateCurveOf(executor: ArrivalRateExecutor): RateCurve {
  const timeUnitMs = executor.timeUnitMs / (executor.turn?.of ?? 1);
  if (executor.kind === 'ramping-arrival-rate') {
    return new RateCurve(executor.startRate, timeUnitMs, executor.stages);
  }
  const stage = { durationMs: executor.durationMs, target: executor.rate };
  return new RateCurve(executor.rate, timeUnitMs, [stage]);
}

function uniformPositions(): ArrivalPositions {
  let k = 0;
  return { next: () => k++ };
}

function randomPositions(arrivals: ArrivalPattern, random: Random): ArrivalPositions {
  const gap =
    arrivals === 'poisson'
      ? () => -Math.log1p(-random())
      : gammaDraws(Number(arrivals.slice(GAMMA.length)), random);
  let expected = 0;
  return { next: () => (expected += gap()) };
}

/**
 * Assigns each arrival to a scenario at random. Every scenario draws the same random numbers and keeps its own
 * arrivals.
 */
function drawnByLot(whole: ArrivalPositions, { index, of }: Turn, random: Random): ArrivalPositions {
  return {
    next() {
      for (;;) {
        const position = whole.next();
        if (Math.floor(random() * of) === index) return position;
      }
    },
  };
}
