import { OUTCOMES, type Outcome } from '@jarvis-load/engine/outcome';
import { Histogram, PHASES, type HistogramSnapshot } from '@jarvis-load/engine/recorder';
import type { OperationPart, RunInfo, ScenarioPart } from '@jarvis-load/engine';
import type { Second } from '../exporter.ts';

/** Values of each histogram: one for each of so many buckets, or, in turn with that, all in a tenth of them. */
const VALUES = 100;
const LONGEST_US = 400_000;

type StreamTimes = NonNullable<OperationPart['streams']>['times'];
type MetricPart = Second['delta']['metrics'][number];

/**
 * Seconds with the names of a run and made-up numbers, for code that is to be compiled before the load. The last one has
 * `last` set. All share one `delta`, which is not to be changed; a part of `Second` that is empty here is not compiled.
 */
export function madeUpSeconds(run: RunInfo, count: number): readonly Second[] {
  const kinds = [madeUpTimes(VALUES), madeUpTimes(VALUES / 10)] as const;
  let made = 0;
  const delta = madeUpDelta(run, () => kinds[made++ % 2]!);
  return Array.from({ length: count }, (_, index) => madeUpSecond(run, delta, index, index === count - 1));
}

function madeUpTimes(buckets: number): HistogramSnapshot {
  const times = new Histogram();
  for (let k = 0; k < VALUES; k++) times.record(Math.round((LONGEST_US * ((k % buckets) + 1)) / buckets));
  return times.snapshot();
}

/** @param times another kind with each call: a journal shortens equal ones that follow each other */
function madeUpDelta(run: RunInfo, times: () => HistogramSnapshot): Second['delta'] {
  return {
    durationMs: 1000,
    scenarios: run.scenarios.map(({ name }) => scenarioPart(name, times())),
    operations: run.operations.map((operation) => operationPart(operation, times)),
    pacerLag: times(),
    checks: run.scenarios.map(({ name }) => ({ scenario: name, name: 'made up', passes: 9, fails: 1 })),
    metrics: run.metrics.flatMap(({ name, scenarios }) =>
      scenarios.map((scenario): MetricPart => ({
        scenario,
        name,
        selection: -1,
        samples: 1,
        value: 1,
        min: 1,
        max: 1,
        rejected: 0,
        trend: null,
      })),
    ),
    errors: [],
    errorsNotKept: 0,
    exceptions: [],
  };
}

function scenarioPart(scenario: string, iterationDuration: HistogramSnapshot): ScenarioPart {
  const counts = { planned: VALUES, started: VALUES, completed: VALUES };
  return {
    scenario,
    counts: { ...counts, failed: 0, dropped: 0, interrupted: 0, notAwaited: 0, startTimeouts: 0 },
    iterationDuration,
    users: 1,
    targetUsers: 1,
    inFlight: 1,
    maxUsers: 1,
    userMs: 1000,
    loadMs: 1000,
    loadUserMs: 1000,
  };
}

function operationPart(
  { scenario, operation, stream }: RunInfo['operations'][number],
  times: () => HistogramSnapshot,
): OperationPart {
  const outcomes = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  outcomes.ok = VALUES;
  outcomes.server_error = VALUES;
  const service = { ok: times(), server_error: times() };
  return {
    scenario,
    operation,
    outcomes,
    statuses: { 200: VALUES, 500: VALUES },
    interrupted: 0,
    bytesSent: VALUES,
    bytesReceived: VALUES,
    retries: 0,
    response: { ok: times(), server_error: times() },
    service,
    serviceByStatus: { ok: { 200: service.ok }, server_error: { 500: service.server_error } },
    queueWait: times(),
    phases: Object.fromEntries(PHASES.map((phase) => [phase, times()])) as OperationPart['phases'],
    interruptedAge: new Histogram().snapshot(),
    byStatus: {},
    ...(stream === undefined ? {} : { streams: streamPart(times) }),
  };
}

function streamPart(times: () => HistogramSnapshot): NonNullable<OperationPart['streams']> {
  const all: StreamTimes = {
    ttft: times(),
    ttftSent: times(),
    ttfo: times(),
    ttlt: times(),
    tpot: times(),
    gap: times(),
    longestGap: times(),
  };
  const ended = { streams: VALUES, streamsWithUsage: VALUES, judged: VALUES, good: VALUES };
  return {
    counts: { ...ended, events: VALUES, parts: VALUES, tokens: VALUES, inputTokens: VALUES, leftWaiting: 0 },
    times: all,
  };
}

function madeUpSecond(run: RunInfo, delta: Second['delta'], index: number, last: boolean): Second {
  const health = { utilization: 0, meanUtilization: 0, delayP50Ms: 0, delayP99Ms: 0, delayMaxMs: 0, gcMs: 0 };
  const judged = { measured: 1, samples: VALUES, samplesNeeded: 1, lowSamples: false } as const;
  return {
    index,
    startMs: index * 1000,
    endMs: (index + 1) * 1000,
    startWallMs: run.preparedWallMs,
    last,
    phase: 'run',
    paused: false,
    delta,
    health: {
      threads: [{ thread: 0, ...health, cpuSeconds: 0, connectionsOpened: 0, protocol: undefined }],
      eventLoopUtilization: 0,
      cpuSeconds: 0,
      machineCpuShare: 0,
      rssBytes: 0,
      warmUpRequests: 0,
    },
    machine: null,
    judged: {
      thresholds: run.thresholds.map(({ metric, expression, scenario, limit, unit }) => ({
        metric,
        expression,
        scenario,
        limit,
        unit,
        ...judged,
        status: 'pass',
        aborted: false,
        margin: 0,
      })),
      objectives: run.objectives.map(({ operation }) => ({
        operation,
        method: 'GET',
        route: '/',
        aspect: 'p95',
        limit: 1,
        ...judged,
        margin: 0,
        status: 'pass',
      })),
    },
  };
}
