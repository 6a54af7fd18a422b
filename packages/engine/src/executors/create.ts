import { planArrivals, splitSchedule } from '../plan/arrivals.ts';
import { planUserSteps } from '../plan/user-steps.ts';
import { Arrivals } from './arrivals.ts';
import type { ExecutorContext, RunningExecutor } from './executor.ts';
import { Iterations } from './iterations.ts';
import { peakRate } from './peak-rate.ts';
import { RampingUsers } from './ramping-users.ts';

/** Streams of random numbers of schedules stay clear of those of users, which start at 1. */
const SCHEDULE_STREAM = 0;

/** The executor of a scenario, in one thread. */
export function createExecutor(context: ExecutorContext): RunningExecutor {
  const { executor, index } = context.scenario;
  switch (executor.kind) {
    case 'constant-vus':
      // Its plan takes nobody away; a person may, and those users finish as all do at the end of the run.
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
      // Scenarios that take turns share the schedule of one.
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
