import type { MachineSecond } from '../model/run-snapshot.ts';
import { waitingShare } from '../machine/waiting-share.ts';
import { failuresIn, OUTCOMES } from '../outcome.ts';
import type { IntervalEvent, Progress } from '../model/events.ts';
import type { Histogram } from '../recorder/histogram.ts';
import type { Measures } from '../recorder/measures.ts';
import { mergeOutcomes } from '../recorder/operation-measures.ts';
import { quantileMs } from '../result/latency-stats.ts';
import { outcomeCounts } from '../result/operation-stats.ts';

interface Moment {
  readonly index: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly paused: boolean;
  readonly progress: Progress;
  readonly eventLoopUtilization: number;
  readonly machine: MachineSecond | undefined;
}

/** The event of one interval. @param overall response times of the run so far */
export function intervalEvent(
  interval: Measures,
  total: Measures,
  overall: Histogram,
  moment: Moment,
): IntervalEvent {
  const { index, startMs, endMs, paused, progress, eventLoopUtilization, machine } = moment;
  const all = interval.mergeOperations();
  const totalOutcomes = new Float64Array(OUTCOMES.length);
  for (const { outcomes } of total.operations) {
    outcomes.forEach((count, outcome) => (totalOutcomes[outcome]! += count));
  }
  const totalRequests = totalOutcomes.reduce((sum, count) => sum + count, 0);
  const sum = (read: (scenario: Measures['scenarios'][number]) => number): number =>
    interval.scenarios.reduce((count, scenario) => count + read(scenario), 0);
  return {
    type: 'interval',
    index,
    startMs,
    endMs,
    progress,
    paused,
    users: sum(({ users }) => users),
    targetUsers: sum(({ targetUsers }) => targetUsers),
    inFlight: sum(({ inFlight }) => inFlight),
    iterations: sum(({ counts }) => counts.completed),
    dropped: sum(({ counts }) => counts.dropped),
    requests: all.requests,
    failed: all.failed,
    outcomes: outcomeCounts(all.outcomes),
    response: quantiles(mergeOutcomes(all.response)),
    operations: interval.run.operations.flatMap(({ index: operation, scenario, operation: { name } }) => {
      const measures = interval.operations[operation]!;
      if (measures.requests === 0) return [];
      const response = mergeOutcomes(measures.response);
      return {
        scenario,
        operation: name,
        requests: measures.requests,
        outcomes: outcomeCounts(measures.outcomes),
        ...quantiles(response),
        responseTime: response.snapshot(),
      };
    }),
    total: {
      requests: totalRequests,
      failed: failuresIn(outcomeCounts(totalOutcomes)),
      outcomes: outcomeCounts(totalOutcomes),
      response: quantiles(overall),
    },
    health: {
      eventLoopUtilization,
      pacerLagP99Ms: quantileMs(interval.pacerLag, 0.99),
      waitShare: machine === undefined ? null : waitingShare(machine),
    },
  };
}

function quantiles(histogram: Histogram) {
  return {
    p50Ms: quantileMs(histogram, 0.5),
    p95Ms: quantileMs(histogram, 0.95),
    p99Ms: quantileMs(histogram, 0.99),
  };
}
