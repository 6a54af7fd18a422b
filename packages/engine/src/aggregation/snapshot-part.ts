/*
 * Measures as plain data, independent of the recorder: what a snapshot of a run holds and a journal writes.
 *
 * Must hold:
 * - `read-part.ts` is the inverse: a field that is added here is read there and in `replay/parse-snapshot.ts`, or a replayed
 *   document lacks it. `serviceByStatus` alone is not: it is for outputs.
 * - `measures` stay unchanged until the last step of `snapshotPartInSteps`.
 * - An operation that is left out has only zeros. An error without an example is not the first of its group.
 */

import type {
  ErrorPart,
  ExceptionPart,
  MetricPart,
  OperationPart,
  RequestsPart,
  ScenarioPart,
  SnapshotPart,
} from '../model/snapshot-part.ts';
import type { HistogramSnapshot } from '../model/histogram-snapshot.ts';
import type { RecordedRun } from '../model/compiled-run.ts';
import type { ErrorInterval, ExceptionInterval } from '../model/thread-interval.ts';
import { OUTCOMES, type Outcome } from '../outcome.ts';
import type { CustomMeasures } from '../recorder/custom-measures.ts';
import type { Histogram } from '../recorder/histogram.ts';
import type { Measures } from '../recorder/measures.ts';
import type { OperationMeasures } from '../recorder/operation-measures.ts';
import { PHASES } from '../recorder/phases.ts';
import { outcomeCounts } from '../result/operation-stats.ts';
import { lastOf } from './last-of.ts';
import type { LoadTime, MergedInterval } from './merged-interval.ts';

type Failures = Pick<MergedInterval, 'errors' | 'errorsNotKept' | 'exceptions'>;

/** Operations of one step of {@link snapshotPartInSteps}: about half a millisecond. */
const OPERATIONS_PER_STEP = 4;

/** Measures as plain data; arguments as of {@link snapshotPartInSteps}. */
export function snapshotPart(...given: Parameters<typeof snapshotPartInSteps>): SnapshotPart {
  return lastOf(snapshotPartInSteps(...given));
}

/**
 * Measures as plain data, some operations a step: between steps the event loop may turn.
 * @param loads by scenario index
 * @param fresh errors and exceptions that are the first of their groups in the run; without it all keep their example
 */
export function* snapshotPartInSteps(
  measures: Measures,
  loads: readonly LoadTime[],
  { errors, errorsNotKept, exceptions }: Failures,
  fresh?: ReadonlySet<ErrorInterval | ExceptionInterval>,
): Generator<undefined, SnapshotPart> {
  const { run } = measures;
  const operations: OperationPart[] = [];
  for (const { index, scenario, operation } of run.operations) {
    const own = measures.operations[index]!;
    if (isEmpty(own)) continue;
    operations.push(operationPart(scenario, operation.name, own));
    if (operations.length % OPERATIONS_PER_STEP === 0) yield;
  }
  return {
    durationMs: measures.durationMs,
    scenarios: run.scenarios.map(({ name, index }) =>
      scenarioPart(name, measures.scenarios[index]!, loads[index]!),
    ),
    operations,
    pacerLag: measures.pacerLag.snapshot(),
    checks: measures.checks.flatMap((checks, index) =>
      [...checks].map(([name, counts]) => ({ scenario: run.scenarios[index]!.name, name, ...counts })),
    ),
    metrics: [...measures.custom.values()].map((metric) => metricPart(run, metric)),
    ...groupParts(measures),
    errors: errors.map((error) => errorPart(run, error, fresh?.has(error) ?? true)),
    errorsNotKept,
    exceptions: exceptions.map((exception) => exceptionPart(run, exception, fresh?.has(exception) ?? true)),
  };
}

/**
 * @param exception of a scenario by index; -1: of none that is known
 * @param first of its group in the run
 */
export function exceptionPart(
  run: RecordedRun,
  { scenario, traceback, ...rest }: ExceptionInterval,
  first = true,
): ExceptionPart {
  return { scenario: run.scenarios[scenario]?.name ?? null, ...rest, traceback: first ? traceback : null };
}

function scenarioPart(
  scenario: string,
  {
    counts,
    iterationDuration,
    users,
    targetUsers,
    inFlight,
    maxUsers,
    userMs,
  }: Measures['scenarios'][number],
  { loadMs, loadUserMs }: LoadTime,
): ScenarioPart {
  return {
    scenario,
    counts: { ...counts },
    iterationDuration: iterationDuration.snapshot(),
    users,
    targetUsers,
    inFlight,
    maxUsers,
    userMs,
    loadMs,
    loadUserMs,
  };
}

function groupParts({ run, groups }: Measures): Pick<SnapshotPart, 'groups'> {
  const parts = groups.flatMap((each, index) =>
    [...each].map(([{ group = '' }, durations]) => ({
      scenario: run.scenarios[index]!.name,
      group,
      durations: durations.snapshot(),
    })),
  );
  return parts.length === 0 ? {} : { groups: parts };
}

/** Without a completed request, there may be interrupted ones, and requests in flight that were sent again. */
function isEmpty({ requests, interrupted, retries, interruptedAge }: OperationMeasures): boolean {
  return requests === 0 && interrupted === 0 && retries === 0 && interruptedAge.count === 0;
}

function operationPart(scenario: string, operation: string, measures: OperationMeasures): OperationPart {
  return {
    scenario,
    operation,
    ...requestsPart(measures),
    byStatus: statusParts(measures),
    ...serviceByStatus(measures),
    ...(measures.byTags === undefined
      ? {}
      : {
          byTags: [...measures.byTags].map(([tags, part]) => ({
            tags,
            ...requestsPart(part),
            byStatus: statusParts(part),
          })),
        }),
  };
}

function statusParts({ byStatus }: OperationMeasures): OperationPart['byStatus'] {
  return Object.fromEntries([...byStatus].map(([status, part]) => [String(status), requestsPart(part)]));
}

/** Where one status alone has an outcome, its snapshot is that of `service`: a clone of the part holds it once. */
function serviceByStatus(measures: OperationMeasures): Pick<OperationPart, 'serviceByStatus'> {
  if (measures.serviceByStatus.size === 0) return {};
  const times = [...measures.serviceByStatus].map(([outcome, statuses]) => [
    OUTCOMES[outcome]!,
    Object.fromEntries([...statuses].map(([status, histogram]) => [String(status), histogram.snapshot()])),
  ]);
  return { serviceByStatus: Object.fromEntries(times) as NonNullable<OperationPart['serviceByStatus']> };
}

function requestsPart(measures: OperationMeasures): RequestsPart {
  const [blocked, connecting, tlsHandshaking, sending, waiting, receiving] = measures.phases.map((phase) =>
    phase.snapshot(),
  );
  return {
    outcomes: outcomeCounts(measures.outcomes),
    statuses: Object.fromEntries([...measures.statuses].map(([status, count]) => [String(status), count])),
    interrupted: measures.interrupted,
    bytesSent: measures.bytesSent,
    bytesReceived: measures.bytesReceived,
    retries: measures.retries,
    response: byOutcome(measures.response),
    service: byOutcome(measures.service),
    queueWait: measures.queueWait.snapshot(),
    phases: {
      blocked: blocked!,
      connecting: connecting!,
      tlsHandshaking: tlsHandshaking!,
      sending: sending!,
      waiting: waiting!,
      receiving: receiving!,
    } satisfies Record<(typeof PHASES)[number], HistogramSnapshot>,
    interruptedAge: measures.interruptedAge.snapshot(),
    ...(measures.streams === undefined ? {} : { streams: measures.streams.interval() }),
    ...(measures.traced === undefined ? {} : { traced: measures.traced }),
  };
}

function byOutcome(
  histograms: readonly (Histogram | undefined)[],
): Partial<Record<Outcome, HistogramSnapshot>> {
  return Object.fromEntries(
    OUTCOMES.flatMap((outcome, index) => {
      const histogram = histograms[index];
      return histogram === undefined || histogram.count === 0 ? [] : [[outcome, histogram.snapshot()]];
    }),
  );
}

function metricPart(run: RecordedRun, measures: CustomMeasures): MetricPart {
  const { scenario, name, selection, samples, value, min, max, rejected, trend } = measures;
  const { name: owner, metrics } = run.scenarios[scenario]!;
  return {
    scenario: owner,
    name,
    selection,
    samples,
    value,
    min: Number.isFinite(min) ? min : null,
    max: Number.isFinite(max) ? max : null,
    rejected,
    trend: metrics.get(name)?.kind === 'trend' ? trend.snapshot() : null,
  };
}

function errorPart(
  run: RecordedRun,
  { operation: index, outcome, sample, ...rest }: ErrorInterval,
  first: boolean,
): ErrorPart {
  const { scenario, operation } = run.operations[index]!;
  return {
    scenario,
    operation: operation.name,
    outcome: OUTCOMES[outcome]!,
    ...rest,
    example: first ? { ...sample } : null,
  };
}
