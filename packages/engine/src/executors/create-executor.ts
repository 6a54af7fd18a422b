import { arrivalPositions, planArrivals, splitSchedule } from '../plan/arrivals.ts';
import { SteeredRate } from '../plan/steered-rate.ts';
import { planUserSteps } from '../plan/user-steps.ts';
import { EngineError } from '../errors.ts';
import { show } from '../show.ts';
import { openArrivals } from '../data/arrival-file.ts';
import { FixedPacing } from './arrival-pacing.ts';
import { ArrivalExecutor } from './arrival-executor.ts';
import type { ResolvedExecutor } from '../model/resolved-executor.ts';
import type { ExecutorContext, RunningExecutor } from './executor.ts';
import { Iterations } from './iterations.ts';
import { peakRate } from './peak-rate.ts';
import { plannedIterations } from './planned-iterations.ts';
import { ReplayedPacing } from './replayed-pacing.ts';
import { replayedRows } from './replayed-rows.ts';
import { SteppedUsers } from './stepped-users.ts';
import { SteeredPacing } from './steered-pacing.ts';

/** Random stream of schedules; those of users start at 1. */
const SCHEDULE_STREAM = 0;

/**
 * The executor of a scenario, in one thread.
 *
 * Must hold: what it plans depends on the resolved options, `seed`, `thread`, `threads` and `part` alone, or the parts of the threads
 * would not add up to the plan.
 *
 * @throws EngineError `invalid-option` where a file of arrivals was changed after the run was planned
 */
export function createExecutor(context: ExecutorContext): RunningExecutor {
  const { executor } = context.scenario;
  switch (executor.kind) {
    case 'constant-vus':
      // The plan removes no users, but `setUsers` may: they get `gracefulStop` to finish.
      return new SteppedUsers(context, [{ atMs: 0, users: executor.vus }], executor.gracefulStopMs);
    case 'ramping-vus':
      return new SteppedUsers(
        context,
        planUserSteps(executor.startVUs, executor.stages),
        executor.gracefulRampDownMs,
      );
    case 'shared-iterations': {
      const iterations = plannedIterations(executor, context.part) ?? 0;
      return new Iterations(context, executor.vus, {
        isLeft: () => context.shared.hasIterations(iterations),
        take: () => context.shared.takeIteration(iterations),
      });
    }
    case 'per-vu-iterations':
      return new Iterations(context, executor.vus, {
        isLeft: (done) => done < executor.iterations,
        take: (done) => done < executor.iterations,
      });
    case 'externally-controlled':
      if (executor.model === 'closed') {
        const steps = [{ atMs: 0, users: executor.vus }];
        return new SteppedUsers(context, steps, executor.gracefulRampDownMs);
      }
      return createArrivals(context, executor);
    case 'constant-arrival-rate':
    case 'ramping-arrival-rate':
    case 'replayed-arrivals':
      return createArrivals(context, executor);
  }
}

function createArrivals(
  context: ExecutorContext,
  executor: Extract<ResolvedExecutor, { readonly model: 'open' }>,
): ArrivalExecutor {
  const { pacer, thread, threads, seed, shared, scenario } = context;
  // Scenarios that take turns share one schedule, so they use the same random stream.
  const streams = [SCHEDULE_STREAM, executor.turn === undefined ? scenario.index : 0];
  let pacing;
  if (executor.kind === 'externally-controlled') {
    const positions = splitSchedule(arrivalPositions(executor, seed, ...streams), thread, threads);
    const rate = new SteeredRate(executor.rate, executor.timeUnitMs / (executor.turn?.of ?? 1));
    pacing = new SteeredPacing(pacer, positions, rate, shared);
  } else if (executor.kind === 'replayed-arrivals') {
    const file = openArrivals(executor.file);
    if (file.sha256 !== executor.sha256) {
      const name = show(executor.file);
      throw new EngineError(
        'invalid-option',
        `file of arrivals ${name} was changed after the run was planned.`,
      );
    }
    const { name, operations } = scenario;
    const rows = replayedRows(file, {
      ...executor,
      scenario: name,
      operations: [...operations.keys()],
      endMs: executor.leftOut === 0 ? Number.POSITIVE_INFINITY : executor.durationMs,
    });
    pacing = new ReplayedPacing(pacer, file, splitSchedule(rows, thread, threads), executor);
  } else {
    const schedule = planArrivals(executor, seed, ...streams);
    pacing = new FixedPacing(pacer, splitSchedule(schedule, thread, threads));
  }
  return new ArrivalExecutor(context, pacing, executor.maxVUs, executor.preAllocatedVUs, peakRate(executor));
}
