import type { ResultNote } from '../document/schema.ts';
import { EngineError } from '../errors.ts';
import type { HistogramSnapshot, TrendSnapshot } from '../model/histogram-snapshot.ts';
import type { SnapshotRecord } from '../model/run-snapshot.ts';
import type { TracedRequests } from '../model/traced-request.ts';
import type { SteeringChange } from '../model/steering.ts';
import type { Tags } from '../model/tags.ts';
import type {
  GroupPart,
  OperationPart,
  RequestsPart,
  ScenarioPart,
  SnapshotPart,
} from '../model/snapshot-part.ts';
import { OUTCOMES } from '../outcome.ts';
import { SCENARIO_COUNTERS } from '../recorder/counters.ts';
import { unpackHistograms } from '../recorder/packed-histograms.ts';
import { unpackHistograms2 } from '../recorder/packed-histograms-2.ts';
import { STREAM_COUNTS, STREAM_TIMES } from '../recorder/stream-measures.ts';
import type { StreamExample, StreamExamples, StreamInterval } from '../model/stream-interval.ts';
import { PHASES } from '../recorder/phases.ts';
import { restOf } from './intended-rest.ts';
import { PartReader } from './part-reader.ts';
import { invalid, readRecordPart, RECORD_FORMAT } from './record-format.ts';
import type { PackedSnapshot } from './serialize-snapshot.ts';

/*
 * The inverse of `serialize-snapshot.ts`, for all formats that are read.
 *
 * Must hold: fields are listed one by one, and what is not listed is dropped. A field that earlier records lack is read with
 * `has`, `count` or a default. Types are checked, the meaning is not: see `PartReader`.
 */

/**
 * Reads what `serializeSnapshot` wrote.
 * @throws EngineError `invalid-snapshot` for text that is cut, damaged, or of another version
 */
export function parseSnapshot(text: string): SnapshotRecord {
  const values = readRecordPart(text, 'a snapshot');
  const { histograms } = values;
  return read(values, Buffer.from(typeof histograms === 'string' ? histograms : '', 'base64'));
}

/**
 * Reads what `packSnapshot` gave.
 * @throws EngineError as {@link parseSnapshot}
 */
export function unpackSnapshot({ text, histograms }: PackedSnapshot): SnapshotRecord {
  return read(readRecordPart(text, 'a snapshot'), histograms);
}

function read(values: Readonly<Record<string, unknown>>, histograms: Uint8Array): SnapshotRecord {
  const unpack = values['format'] === RECORD_FORMAT ? unpackHistograms : unpackHistograms2;
  try {
    return readSnapshot(new PartReader(values, 'snapshot', unpack(histograms)));
  } catch (error) {
    if (error instanceof EngineError && error.code === 'invalid-histogram') {
      throw invalid('a snapshot', error.message, error);
    }
    throw error;
  }
}

function readSnapshot(line: PartReader): SnapshotRecord {
  const delta = readPart(line.object('delta'));
  return {
    index: line.number('index'),
    startMs: line.number('startMs'),
    endMs: line.number('endMs'),
    startWallMs: line.number('startWallMs'),
    last: line.flag('last'),
    phase: line.choice('phase', ['run', 'drain']),
    paused: line.flag('paused'),
    pausedMs: line.number('pausedMs'),
    delta,
    intended: readIntended(line, delta),
    health: readHealth(line.object('health')),
    machine: line.has('machine') ? readMachine(line.object('machine')) : null,
    notes: line.list('notes').map(readNote),
    steering: line.list('steering').map(readChange),
  };
}

function readIntended(line: PartReader, { operations }: SnapshotPart): SnapshotRecord['intended'] {
  const known = line.numberedHistograms('intended');
  if (!line.has('intendedRest')) return known;
  const [place = 0, second = 0, min = 0, max = 0] = line.numbers('intendedRest', 4);
  const rest = restOf(operations, known, min, max);
  if (rest !== undefined) return known.toSpliced(place, 0, [second, rest]);
  throw invalid('a snapshot', 'a second has more response times than the operations together');
}

function readPart(part: PartReader): SnapshotPart {
  return {
    durationMs: part.number('durationMs'),
    scenarios: part.list('scenarios').map(readScenario),
    operations: part.list('operations').map(readOperation),
    pacerLag: part.histogram('pacerLag'),
    checks: part.list('checks').map((check) => ({
      scenario: check.text('scenario'),
      name: check.text('name'),
      passes: check.number('passes'),
      fails: check.number('fails'),
    })),
    metrics: part.list('metrics').map((metric) => ({
      scenario: metric.text('scenario'),
      name: metric.text('name'),
      selection: metric.number('selection'),
      samples: metric.number('samples'),
      value: metric.number('value'),
      min: metric.numberOrNull('min'),
      max: metric.numberOrNull('max'),
      rejected: metric.number('rejected'),
      trend: metric.has('trend') ? readTrend(metric.object('trend')) : null,
    })),
    ...(part.has('groups') ? { groups: part.list('groups').map(readGroupPart) } : {}),
    errors: part.list('errors').map((error) => ({
      scenario: error.text('scenario'),
      operation: error.text('operation'),
      outcome: error.choice('outcome', OUTCOMES),
      code: error.text('code'),
      ...readGroup(error),
      example: error.has('example') ? readExample(error.object('example')) : null,
    })),
    errorsNotKept: part.count('errorsNotKept'),
    exceptions: part.list('exceptions').map(readException),
  };
}

function readGroupPart(group: PartReader): GroupPart {
  return {
    scenario: group.text('scenario'),
    group: group.text('group'),
    durations: group.histogram('durations'),
  };
}

function readChange(change: PartReader): SteeringChange {
  return {
    atMs: change.number('atMs'),
    scenario: change.text('scenario'),
    ...(change.has('users') ? { users: change.number('users') } : {}),
    ...(change.has('perSecond') ? { perSecond: change.number('perSecond') } : {}),
    ...(change.has('rate') ? { rate: change.number('rate') } : {}),
  };
}

/** A note of a snapshot or of the end of a run. */
export function readNote(note: PartReader): ResultNote {
  return {
    level: note.choice('level', ['info', 'warning']),
    code: note.text('code'),
    text: note.text('text'),
  };
}

/** An exception of a snapshot or of the end of a run. */
export function readException(exception: PartReader) {
  return {
    scenario: exception.has('scenario') ? exception.text('scenario') : null,
    ...readGroup(exception),
    traceback: exception.has('traceback') ? exception.text('traceback') : null,
  };
}

function readGroup(group: PartReader) {
  return {
    message: group.text('message'),
    count: group.number('count'),
    firstMs: group.number('firstMs'),
    lastMs: group.number('lastMs'),
  };
}

function readExample(example: PartReader) {
  return {
    atMs: example.number('atMs'),
    status: example.numberOrNull('status'),
    request: example.text('request'),
    body: example.text('body'),
    user: example.numberOrNull('user'),
    iteration: example.numberOrNull('iteration'),
    ...(example.has('traceId') ? { traceId: example.text('traceId') } : {}),
    message: example.text('message'),
  };
}

function readScenario(scenario: PartReader): ScenarioPart {
  return {
    scenario: scenario.text('scenario'),
    counts: scenario.counts('counts', SCENARIO_COUNTERS),
    iterationDuration: scenario.histogram('iterationDuration'),
    users: scenario.number('users'),
    targetUsers: scenario.number('targetUsers'),
    inFlight: scenario.number('inFlight'),
    maxUsers: scenario.number('maxUsers'),
    userMs: scenario.number('userMs'),
    loadMs: scenario.number('loadMs'),
    loadUserMs: scenario.number('loadUserMs'),
  };
}

function readOperation(operation: PartReader): OperationPart {
  return {
    scenario: operation.text('scenario'),
    operation: operation.text('operation'),
    ...readRequests(operation),
    byStatus: readStatuses(operation),
    ...(operation.has('byTags')
      ? {
          byTags: operation.list('byTags').map((part) => ({
            tags: readTags(part.object('tags')),
            ...readRequests(part),
            byStatus: readStatuses(part),
          })),
        }
      : {}),
  };
}

function readStatuses(part: PartReader): OperationPart['byStatus'] {
  if (!part.has('byStatus')) return {};
  const byStatus = part.object('byStatus');
  return Object.fromEntries(byStatus.names.map((status) => [status, readRequests(byStatus.object(status))]));
}

function readTags(tags: PartReader): Tags {
  return Object.fromEntries(tags.names.map((name) => [name, tags.text(name)]));
}

function readRequests(part: PartReader): RequestsPart {
  const statuses = part.object('statuses');
  const phases = part.object('phases');
  return {
    outcomes: part.counts('outcomes', OUTCOMES),
    statuses: Object.fromEntries(statuses.names.map((status) => [status, statuses.number(status)])),
    interrupted: part.count('interrupted'),
    bytesSent: part.count('bytesSent'),
    bytesReceived: part.count('bytesReceived'),
    retries: part.count('retries'),
    response: byOutcome(part.object('response')),
    service: byOutcome(part.object('service')),
    queueWait: part.histogram('queueWait'),
    phases: {
      blocked: phases.histogram('blocked'),
      connecting: phases.histogram('connecting'),
      tlsHandshaking: phases.histogram('tlsHandshaking'),
      sending: phases.histogram('sending'),
      waiting: phases.histogram('waiting'),
      receiving: phases.histogram('receiving'),
    } satisfies Record<(typeof PHASES)[number], HistogramSnapshot>,
    interruptedAge: part.histogram('interruptedAge'),
    ...(part.has('streams') ? { streams: readStreams(part.object('streams')) } : {}),
    ...(part.has('traced') ? { traced: readTraced(part.object('traced')) } : {}),
  };
}

function readTraced(part: PartReader): TracedRequests {
  return {
    requests: part.number('requests'),
    slowest: part.list('slowest').map((each) => ({
      traceId: each.text('traceId'),
      atMs: each.number('atMs'),
      responseTimeMs: each.number('responseTimeMs'),
      status: each.number('status'),
      outcome: each.choice('outcome', OUTCOMES),
    })),
  };
}

function readStreams(part: PartReader): StreamInterval {
  const times = part.object('times');
  return {
    counts: part.counts('counts', STREAM_COUNTS),
    times: Object.fromEntries(
      STREAM_TIMES.map((time) => [time, times.histogram(time)]),
    ) as StreamInterval['times'],
    ...(part.has('examples') ? { examples: readExamples(part.object('examples')) } : {}),
  };
}

function readExamples(part: PartReader): StreamExamples {
  return {
    ...(part.has('median') ? { median: readStreamExample(part.object('median')) } : {}),
    ...(part.has('slowest') ? { slowest: readStreamExample(part.object('slowest')) } : {}),
  };
}

function readStreamExample(part: PartReader): StreamExample {
  return {
    startMs: part.number('startMs'),
    sentMs: part.number('sentMs'),
    ttltMs: part.number('ttltMs'),
    parts: part.number('parts'),
    tokens: part.number('tokens'),
    arrivalsMs: part.numbers('arrivalsMs'),
    ...(part.has('traceId') ? { traceId: part.text('traceId') } : {}),
  };
}

function byOutcome(part: PartReader): RequestsPart['response'] {
  return Object.fromEntries(
    OUTCOMES.flatMap((outcome) => (part.has(outcome) ? [[outcome, part.histogram(outcome)]] : [])),
  );
}

function readTrend(part: PartReader): TrendSnapshot {
  const indexes = part.numbers('indexes');
  const counts = part.numbers('counts', indexes.length);
  const highs = part.numbers('highs', indexes.length);
  return {
    indexes: Uint32Array.from(indexes),
    counts: Float64Array.from(counts),
    highs: Float64Array.from(highs),
    count: counts.reduce((sum, count) => sum + count, 0),
    sum: part.number('sum'),
    min: part.number('min'),
    max: part.number('max'),
    rejected: part.number('rejected'),
  };
}

function readHealth(health: PartReader): SnapshotRecord['health'] {
  return {
    threads: health.list('threads').map((thread) => ({
      thread: thread.number('thread'),
      utilization: thread.number('utilization'),
      meanUtilization: thread.number('meanUtilization'),
      delayP50Ms: thread.numberOrNull('delayP50Ms'),
      delayP99Ms: thread.numberOrNull('delayP99Ms'),
      delayMaxMs: thread.numberOrNull('delayMaxMs'),
      gcMs: thread.number('gcMs'),
      cpuSeconds: thread.numberOrNull('cpuSeconds'),
      connectionsOpened: thread.number('connectionsOpened'),
      protocol: thread.has('protocol') ? thread.choice('protocol', ['HTTP/1.1', 'HTTP/2']) : undefined,
    })),
    eventLoopUtilization: health.number('eventLoopUtilization'),
    cpuSeconds: health.numberOrNull('cpuSeconds'),
    machineCpuShare: health.numberOrNull('machineCpuShare'),
    rssBytes: health.numberOrNull('rssBytes'),
    warmUpRequests: health.number('warmUpRequests'),
  };
}

function readMachine(machine: PartReader): NonNullable<SnapshotRecord['machine']> {
  const second = machine.object('second');
  return {
    second: {
      durationMs: second.number('durationMs'),
      runMs: second.numberOrNull('runMs'),
      waitMs: second.numberOrNull('waitMs'),
      longestWaitMs: second.numberOrNull('longestWaitMs'),
      throttledMs: second.numberOrNull('throttledMs'),
      stolenMs: second.numberOrNull('stolenMs'),
      stealShare: second.numberOrNull('stealShare'),
      pressureShare: second.numberOrNull('pressureShare'),
    },
    processes: machine.list('processes').map((process) => ({
      name: process.text('name'),
      runMs: process.number('runMs'),
      waitMs: process.number('waitMs'),
    })),
  };
}
