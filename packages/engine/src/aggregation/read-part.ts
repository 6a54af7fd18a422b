/*
 * A written snapshot as its run recorded it: the inverse of `snapshotPart`.
 *
 * Must hold:
 * - A field that `snapshot-part.ts` gains is read here and in `replay/parse-snapshot.ts`, or a replayed document lacks it.
 *   `serviceByStatus` is for outputs alone.
 * - The caller reads snapshots in the order in which they were written, without a gap (`Replay` rejects one): only the first one
 *   with an error has its example, and the totals are sums.
 */

import type { RecordedRun } from '../model/compiled-run.ts';
import type { SnapshotRecord } from '../model/run-snapshot.ts';
import type {
  ErrorPart,
  ExceptionPart,
  OperationPart,
  RequestsPart,
  SnapshotPart,
  TaggedPart,
} from '../model/snapshot-part.ts';
import type { ErrorInterval, ExceptionInterval, OperationInterval } from '../model/thread-interval.ts';
import { EngineError } from '../errors.ts';
import { OUTCOMES } from '../outcome.ts';
import { SCENARIO_COUNTERS } from '../recorder/counters.ts';
import { Measures } from '../recorder/measures.ts';
import type { OperationMeasures } from '../recorder/operation-measures.ts';
import { PHASES } from '../recorder/phases.ts';
import { show } from '../show.ts';
import { OF_NO_SCENARIO } from '../result/error-groups.ts';
import type { RecordedInterval } from './merged-interval.ts';

const NO_EXAMPLE = {
  atMs: 0,
  status: null,
  message: '',
  request: '',
  body: '',
  user: null,
  iteration: null,
};

/**
 * A snapshot as its run recorded it.
 * @throws EngineError `invalid-snapshot` if it names a scenario or an operation that the run does not have
 */
export function readSnapshot(run: RecordedRun, snapshot: SnapshotRecord): RecordedInterval {
  const { delta, ...rest } = snapshot;
  return {
    ...rest,
    measures: readMeasures(run, delta),
    loads: delta.scenarios.map(({ loadMs, loadUserMs }) => ({ loadMs, loadUserMs })),
    errors: delta.errors.map((error) => readError(run, error)),
    errorsNotKept: delta.errorsNotKept,
    exceptions: readExceptions(run, delta.exceptions),
  };
}

/** Exceptions as they are recorded. */
export function readExceptions(run: RecordedRun, parts: readonly ExceptionPart[]): ExceptionInterval[] {
  return parts.map(({ scenario, traceback, ...rest }) => ({
    scenario: scenario === null ? OF_NO_SCENARIO : scenarioIndex(run, scenario),
    ...rest,
    traceback: traceback ?? rest.message,
  }));
}

function readError(
  run: RecordedRun,
  { scenario, operation, outcome, example, ...rest }: ErrorPart,
): ErrorInterval {
  return {
    operation: operationIndex(run, scenario, operation),
    outcome: OUTCOMES.indexOf(outcome),
    ...rest,
    // An earlier snapshot had the example: its group has it.
    sample: example ?? NO_EXAMPLE,
  };
}

function readMeasures(run: RecordedRun, part: SnapshotPart): Measures {
  const measures = new Measures(run);
  measures.durationMs = part.durationMs;
  for (const scenario of part.scenarios) {
    const mine = measures.scenarios[scenarioIndex(run, scenario.scenario)]!;
    for (const counter of SCENARIO_COUNTERS) mine.counts[counter] = scenario.counts[counter];
    mine.iterationDuration.addSnapshot(scenario.iterationDuration);
    mine.setUsers(scenario);
    mine.userMs = scenario.userMs;
  }
  for (const operation of part.operations) {
    const index = operationIndex(run, operation.scenario, operation.operation);
    readOperation(measures.operations[index]!, index, operation);
  }
  measures.pacerLag.addSnapshot(part.pacerLag);
  for (const { scenario, name, passes, fails } of part.checks) {
    measures.addCheck(scenarioIndex(run, scenario), name, passes, fails);
  }
  for (const { scenario, min, max, trend, ...rest } of part.metrics) {
    measures.addMetric({
      ...rest,
      scenario: scenarioIndex(run, scenario),
      min: min ?? Number.POSITIVE_INFINITY,
      max: max ?? Number.NEGATIVE_INFINITY,
      trend: trend ?? undefined,
    });
  }
  for (const { scenario, group, durations } of part.groups ?? []) {
    measures.addGroup(scenarioIndex(run, scenario), group, durations);
  }
  return measures;
}

function readOperation(measures: OperationMeasures, index: number, part: OperationPart): void {
  OUTCOMES.forEach((outcome, slot) => {
    measures.outcomes[slot] = part.outcomes[outcome];
  });
  measures.interrupted = part.interrupted;
  measures.addInterval({
    ...withStatuses(index, part),
    ...(part.byTags === undefined
      ? {}
      : { byTags: part.byTags.map((own) => [own.tags, withStatuses(index, own)] as const) }),
  });
}

function withStatuses(index: number, part: OperationPart | TaggedPart): OperationInterval {
  return {
    ...operationInterval(index, part),
    byStatus: Object.entries(part.byStatus).map(
      ([status, own]) => [Number(status), operationInterval(index, own)] as const,
    ),
  };
}

function operationInterval(index: number, part: RequestsPart): OperationInterval {
  return {
    index,
    statuses: Object.entries(part.statuses).map(([status, count]) => [Number(status), count] as const),
    bytesSent: part.bytesSent,
    bytesReceived: part.bytesReceived,
    retries: part.retries,
    response: OUTCOMES.map((outcome) => part.response[outcome]),
    service: OUTCOMES.map((outcome) => part.service[outcome]),
    queueWait: part.queueWait,
    phases: PHASES.map((phase) => part.phases[phase]),
    interruptedAge: part.interruptedAge,
    streams: part.streams,
    traced: part.traced,
  };
}

function scenarioIndex(run: RecordedRun, name: string): number {
  const found = run.scenarios.findIndex((scenario) => scenario.name === name);
  return found >= 0 ? found : refuse(`scenario ${show(name)}`);
}

function operationIndex(run: RecordedRun, scenario: string, name: string): number {
  const found = run.operations.find((each) => each.scenario === scenario && each.operation.name === name);
  return found?.index ?? refuse(`operation ${show(name)} of scenario ${show(scenario)}`);
}

function refuse(what: string): never {
  throw new EngineError(
    'invalid-snapshot',
    `the snapshot has ${what}, which the run does not have; expected a snapshot of the same run.`,
  );
}
