import { planArrivals, splitSchedule } from '../plan/arrivals.ts';
import { planUserSteps } from '../plan/user-steps.ts';
import { Arrivals } from './arrivals.ts';
import type { ExecutorContext, RunningExecutor } from './executor.ts';
import { Iterations } from './iterations.ts';
import { peakRate } from './peak-rate.ts';
import { RampingUsers } from './ramping-users.ts';

/** Random stream of schedules; those of users start at 1. */
const SCHEDULE_STREAM = 0;

/** The executor of a scenario, in one thread. */
export function createExecutor(context: ExecutorContext): RunningExecutor {
  const { executor, index } = context.scenario;
  switch (executor.kind) {
    case 'constant-vus':
      // The plan removes no users, but `setUsers` may: they get `gracefulStop` to finish.
      return new RampingUsers(context, [{ atMs: 0, users: executor.vus }], executor.gracefulStopMs);
    case 'ramping-vus':
      return new RampingUsers(
        context,
        planUserSteps(executor.startVUs, executor.stages),
        executor.gracefulRampDownMs,
      );
    case 'shared-iterations':
      return new Iterations(context, executor.vus, {
        isLeft: () => context.shared.hasIterations(executor.iterations),
        take: () => context.shared.takeIteration(executor.iterations),
      });
    case 'per-vu-iterations':
      return new Iterations(context, executor.vus, {
        isLeft: (done) => done < executor.iterations,
        take: (done) => done < executor.iterations,
      });
    case 'constant-arrival-rate':
    case 'ramping-arrival-rate': {
      // Scenarios that take turns share one schedule, so they use the same random stream.
      const stream = executor.turn === undefined ? index : 0;
      const schedule = planArrivals(executor, context.seed, SCHEDULE_STREAM, stream);
      return new Arrivals(
        context,
        splitSchedule(schedule, context.thread, context.threads),
        executor.maxVUs,
        executor.preAllocatedVUs,
        peakRate(executor),
      );
    }
  }
}
