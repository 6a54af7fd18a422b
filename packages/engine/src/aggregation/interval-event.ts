import type { MachineSecond } from '../model/run-snapshot.ts';
import { waitingShare } from '../machine/waiting-share.ts';
import { failuresIn, OUTCOMES } from '../outcome.ts';
import type { IntervalEvent, Progress } from '../model/events.ts';
import { Histogram } from '../recorder/histogram.ts';
import type { Measures } from '../recorder/measures.ts';
import { mergeOutcomes } from '../recorder/operation-measures.ts';
import { quantileMs } from '../result/latency-stats.ts';
import { outcomeCounts } from '../result/operation-stats.ts';

type OperationEvent = IntervalEvent['operations'][number];

interface Moment {
  readonly index: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly paused: boolean;
  readonly progress: Progress;
  readonly eventLoopUtilization: number;
  readonly machine: MachineSecond | undefined;
}

/**
 * The event of one interval; operations without a request in it are left out.
 * @param total of the run, with this interval
 * @param overall response times of the run, with this interval
 */
export function intervalEvent(
  interval: Measures,
  total: Measures,
  overall: Histogram,
  moment: Moment,
): IntervalEvent {
  const { index, startMs, endMs, paused, progress, eventLoopUtilization, machine } = moment;
  const outcomes = outcomeCounts(sumOfOutcomes(interval));
  const totalOutcomes = outcomeCounts(sumOfOutcomes(total));
  const response = new Histogram();
  const operations: OperationEvent[] = [];
  for (const { index: place, scenario, operation } of interval.run.operations) {
    const measures = interval.operations[place]!;
    if (measures.requests === 0) continue;
    const times = mergeOutcomes(measures.response);
    response.add(times);
    operations.push({
      scenario,
      operation: operation.name,
      requests: measures.requests,
      outcomes: outcomeCounts(measures.outcomes),
      ...quantiles(times),
      responseTime: times.snapshot(),
    });
  }
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
    requests: requestsIn(outcomes),
    failed: failuresIn(outcomes),
    outcomes,
    response: quantiles(response),
    operations,
    total: {
      requests: requestsIn(totalOutcomes),
      failed: failuresIn(totalOutcomes),
      outcomes: totalOutcomes,
      response: quantiles(overall),
    },
    health: {
      eventLoopUtilization,
      pacerLagP99Ms: quantileMs(interval.pacerLag, 0.99),
      waitShare: machine === undefined ? null : waitingShare(machine),
    },
  };
}

function sumOfOutcomes({ operations }: Measures): Float64Array {
  const sum = new Float64Array(OUTCOMES.length);
  for (const { outcomes } of operations) outcomes.forEach((count, outcome) => (sum[outcome]! += count));
  return sum;
}

function requestsIn(outcomes: IntervalEvent['outcomes']): number {
  return OUTCOMES.reduce((sum, outcome) => sum + outcomes[outcome], 0);
}

function quantiles(histogram: Histogram) {
  return {
    p50Ms: quantileMs(histogram, 0.5),
    p95Ms: quantileMs(histogram, 0.95),
    p99Ms: quantileMs(histogram, 0.99),
  };
}
