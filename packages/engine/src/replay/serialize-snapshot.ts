import { lastOf } from '../aggregation/last-of.ts';
import { EngineError } from '../errors.ts';
import type { HistogramSnapshot, TrendSnapshot } from '../model/histogram-snapshot.ts';
import type { SnapshotRecord } from '../model/run-snapshot.ts';
import type { OperationPart, RequestsPart, ScenarioPart, SnapshotPart } from '../model/snapshot-part.ts';
import { histogramText } from '../recorder/histogram-text.ts';
import { RECORD_FORMAT } from './record-format.ts';

/** Operations of one step: about half a millisecond. */
const OPERATIONS_PER_STEP = 4;

/**
 * A snapshot as one line of JSON, without a line break: what {@link parseSnapshot} reads. Holds `delta`, and nothing that
 * follows from it; reads no other property of a live snapshot. Empty histograms and counts of 0 are left out; a histogram
 * is the base64 text of `recorder/histogram-text.ts`.
 * @throws EngineError `invalid-snapshot` if it is read too late, see `RunSnapshot`
 */
export function serializeSnapshot(snapshot: SnapshotRecord): string {
  return lastOf(serializeSnapshotInSteps(snapshot));
}

/**
 * The same in steps of some operations, for a thread that has other work: between steps the event loop may turn. A snapshot
 * of a run is read by the end of the first step.
 * @param clean removes secrets from the words of targets and scenario code: errors, exceptions, notes, names of checks
 * @returns the line
 */
export function* serializeSnapshotInSteps(
  snapshot: SnapshotRecord,
  clean: <T>(value: T) => T = (value) => value,
): Generator<undefined, string> {
  const { index, startMs, endMs, startWallMs, last, phase, paused, pausedMs, delta, intended } = snapshot;
  const { health, machine, notes, steering } = snapshot;
  const operations: string[] = [];
  for (const each of delta.operations) {
    if (operations.length > 0 && operations.length % OPERATIONS_PER_STEP === 0) yield;
    operations.push(JSON.stringify(operation(each)));
  }
  yield;
  const others = JSON.stringify({
    format: RECORD_FORMAT,
    index,
    startMs,
    endMs,
    startWallMs,
    last,
    phase,
    paused,
    pausedMs,
    intended: intended.map(([second, times]) => [second, histogramText(times)]),
    health,
    machine,
    notes: clean(notes),
    steering: some(steering),
  });
  const part = JSON.stringify(withoutOperations(delta, clean));
  return `${others.slice(0, -1)},"delta":${part.slice(0, -1)},"operations":[${operations.join()}]}}`;
}

function withoutOperations(delta: SnapshotPart, clean: <T>(value: T) => T) {
  const { durationMs, scenarios, pacerLag, checks, metrics, errors, errorsNotKept, exceptions } = delta;
  return {
    durationMs,
    scenarios: scenarios.map(scenario),
    pacerLag: histogram(pacerLag),
    checks: some(clean(checks)),
    metrics: some(metrics.map(({ trend: values, ...rest }) => ({ ...rest, trend: values && trend(values) }))),
    errors: some(clean(errors)),
    errorsNotKept: errorsNotKept || undefined,
    exceptions: some(clean(exceptions)),
  };
}

function scenario({ counts, iterationDuration, ...rest }: ScenarioPart) {
  return { ...rest, counts: notZero(counts), iterationDuration: histogram(iterationDuration) };
}

function operation({ scenario: owner, operation: name, byStatus, byTags, ...all }: OperationPart) {
  return {
    scenario: owner,
    operation: name,
    ...requests(all),
    byStatus: statusParts(byStatus),
    byTags: byTags?.map(({ tags, byStatus: own, ...rest }) => ({
      tags,
      ...requests(rest),
      byStatus: statusParts(own),
    })),
  };
}

function statusParts(byStatus: OperationPart['byStatus']) {
  const statuses = Object.entries(byStatus);
  return statuses.length === 0
    ? undefined
    : Object.fromEntries(statuses.map(([status, own]) => [status, requests(own)]));
}

function requests(all: RequestsPart) {
  return {
    outcomes: notZero(all.outcomes),
    statuses: all.statuses,
    interrupted: all.interrupted || undefined,
    bytesSent: all.bytesSent || undefined,
    bytesReceived: all.bytesReceived || undefined,
    retries: all.retries || undefined,
    response: histograms(all.response),
    service: histograms(all.service),
    queueWait: histogram(all.queueWait),
    phases: histograms(all.phases),
    interruptedAge: histogram(all.interruptedAge),
    streams:
      all.streams === undefined
        ? undefined
        : {
            counts: notZero(all.streams.counts),
            times: histograms(all.streams.times),
            examples: all.streams.examples,
          },
    traced: all.traced,
  };
}

function histogram(snapshot: HistogramSnapshot): string | undefined {
  return snapshot.count === 0 ? undefined : histogramText(snapshot);
}

function histograms(named: Readonly<Record<string, HistogramSnapshot>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(named).map(([name, each]) => [name, histogram(each)]));
}

function trend({ indexes, counts, highs, count, ...totals }: TrendSnapshot) {
  if (counts.reduce((sum, each) => sum + each, 0) !== count) {
    throw new EngineError('invalid-snapshot', 'a trend holds another number of values than its bins do.');
  }
  return { ...totals, indexes: [...indexes], counts: [...counts], highs: [...highs] };
}

function notZero(counts: object): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
}

function some<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}
