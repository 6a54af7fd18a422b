import { OUTCOMES, type Outcome } from '@jarvis-load/engine/outcome';
import type { OperationPart, RunInfo, RunResult, ScenarioPart } from '@jarvis-load/engine';
import type { Exporter, Second } from '../../src/exporter.ts';
import { Histogram, type HistogramSnapshot } from '@jarvis-load/engine/recorder';

const OPERATIONS = [
  { scenario: 'chat-user', operation: 'chat.send', method: 'POST', route: '/api/chat' },
  { scenario: 'chat-user', operation: 'auth.login', method: 'POST', route: '/auth/login' },
  { scenario: 'memory', operation: 'memory.search', method: 'GET', route: '/api/memory/search' },
] as const;

const THRESHOLD = {
  metric: 'http_req_duration{operation:chat.send}',
  expression: 'p(95)<500',
  scenario: null,
  limit: 500,
  unit: 'ms',
} as const;

/** What is known of the made run before its load. @param tags of the run */
export function madeRun(tags: Readonly<Record<string, string>> = {}): RunInfo {
  return {
    format: 1,
    generator: { name: 'jarvis-load', version: '0.0.0', engine: 'native' },
    runId: 'made-run',
    seed: 1,
    preparedWallMs: 0,
    target: { name: 'mock', url: 'http://127.0.0.1:8100' },
    tags,
    config: {},
    notes: [],
    plannedDurationMs: 10_000,
    threads: 1,
    scenarios: ['chat-user', 'memory'].map((name) => ({
      name,
      executor: { kind: 'constant-vus' },
      tags: {},
      thresholds: {},
    })),
    operations: OPERATIONS,
    metrics: [
      { name: 'chat_errors', kind: 'rate', scenarios: ['chat-user'], selections: [] },
      { name: 'tokens', kind: 'counter', scenarios: ['chat-user'], selections: [] },
      { name: 'first_word', kind: 'trend', unit: 'ms', scenarios: ['chat-user'], selections: [] },
    ],
    thresholds: [{ ...THRESHOLD, windowMs: null, abortOnFail: false }],
    objectives: [],
  } as unknown as RunInfo;
}

function values(count: number, first: number): HistogramSnapshot {
  const histogram = new Histogram();
  for (let k = 0; k < count; k++) histogram.record(first + k * 1000);
  return histogram.snapshot();
}

/** Half of the requests of an operation, in a group of their own. */
function taggedPart(ok: number, failed: number) {
  const outcomes = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  outcomes.ok = Math.floor(ok / 2);
  outcomes.server_error = failed;
  const times = values(outcomes.ok, 5000);
  return {
    tags: { page: 'cart', result: 'any', group: '::buy' },
    outcomes,
    statuses: {},
    response: { ok: times },
    service: { ok: times },
    queueWait: values(0, 0),
    byStatus: {},
  };
}

function operationPart(place: number, second: number): OperationPart {
  const { scenario, operation } = OPERATIONS[place]!;
  const ok = 10 + place + second;
  const failed = second % 3;
  const outcomes = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  outcomes.ok = ok;
  outcomes.server_error = failed;
  const first = 100_000 * (place + 1);
  const service = { ok: values(ok, first), server_error: values(failed, first) };
  const phases = ['blocked', 'connecting', 'tlsHandshaking', 'sending', 'waiting', 'receiving'];
  return {
    scenario,
    operation,
    outcomes,
    statuses: { 200: ok, ...(failed > 0 ? { 503: failed } : {}) },
    interrupted: 0,
    bytesSent: ok * 100,
    bytesReceived: ok * 200,
    retries: 0,
    response: { ok: values(ok, first + 50), ...(failed > 0 ? { server_error: values(failed, first) } : {}) },
    service: failed > 0 ? service : { ok: service.ok },
    serviceByStatus: {
      ok: { 200: service.ok },
      ...(failed > 0 ? { server_error: { 503: service.server_error } } : {}),
    },
    queueWait: values(ok + failed, 10),
    phases: Object.fromEntries(phases.map((phase, k) => [phase, values(ok, 10 + k)])),
    interruptedAge: values(0, 0),
    byStatus: {},
    ...(place === 0 ? { byTags: [taggedPart(ok, failed)] } : {}),
  } as unknown as OperationPart;
}

function scenarioPart(scenario: string, second: number): ScenarioPart {
  return {
    scenario,
    counts: {
      planned: 5,
      started: 5,
      completed: 5,
      failed: 0,
      dropped: second === 2 ? 1 : 0,
      interrupted: 0,
      notAwaited: 0,
      startTimeouts: 0,
    },
    iterationDuration: values(5, 1_000_000),
    users: 4 + second,
    targetUsers: 5,
    inFlight: 2,
    maxUsers: 5,
    userMs: 4000,
    loadMs: 1000,
    loadUserMs: 4000,
  };
}

/** What an output gets of one second, with the same content for the same second. */
export function madeSecond(second: number, startWallMs: number, last = false): Second {
  const health = {
    utilization: 0.1,
    meanUtilization: 0.1,
    delayP50Ms: 1,
    delayP99Ms: 2,
    delayMaxMs: 3,
    gcMs: second,
    cpuSeconds: 1,
  };
  return {
    index: second,
    startMs: second * 1000,
    endMs: (second + 1) * 1000,
    startWallMs,
    last,
    phase: 'run',
    paused: false,
    delta: {
      durationMs: 1000,
      scenarios: [scenarioPart('chat-user', second), scenarioPart('memory', second)],
      operations: OPERATIONS.map((_, place) => operationPart(place, second)),
      pacerLag: values(5, 100),
      checks: [{ scenario: 'chat-user', name: 'answered', passes: 9, fails: 1 }],
      metrics: [
        {
          scenario: 'chat-user',
          name: 'chat_errors',
          selection: -1,
          samples: 10,
          value: 1,
          min: 0,
          max: 1,
          rejected: 0,
          trend: null,
        },
        {
          scenario: 'chat-user',
          name: 'tokens',
          selection: -1,
          samples: 10,
          value: 7,
          min: 0,
          max: 1,
          rejected: 0,
          trend: null,
        },
      ],
      groups: [{ scenario: 'chat-user', group: '::buy', durations: values(3, 2_000_000) }],
      errors: [],
      errorsNotKept: 0,
      exceptions: [],
    },
    health: {
      threads: [{ thread: 0, ...health, connectionsOpened: 5, protocol: undefined }],
      eventLoopUtilization: 0.2,
      cpuSeconds: second / 10,
      machineCpuShare: 0.5,
      rssBytes: 1e8,
      warmUpRequests: 0,
    },
    machine: null,
    judged: {
      thresholds: [
        {
          ...THRESHOLD,
          status: 'pass',
          measured: 250,
          samples: 30,
          samplesNeeded: 20,
          lowSamples: false,
          aborted: false,
          margin: 0.5,
        },
      ],
      objectives: [],
    },
  } as unknown as Second;
}

/** The part of the document that outputs read. @param end how the run ended */
export function madeResult(end: 'completed' | 'aborted' = 'completed'): RunResult {
  return {
    run: { id: 'made-run', endedAt: new Date().toISOString(), end: { kind: end } },
    verdict: { status: 'pass', reasons: [] },
    thresholds: [
      {
        ...THRESHOLD,
        status: 'pass',
        measured: 260,
        samples: 30,
        samplesNeeded: 20,
        lowSamples: false,
        aborted: false,
      },
    ],
    objectives: [],
    health: { generatorLimited: false },
  } as unknown as RunResult;
}

/** Counts of the run over so many seconds. */
export function madeTotals(seconds: number): {
  readonly requests: number;
  readonly failed: number;
  readonly dropped: number;
} {
  let requests = 0;
  let failed = 0;
  for (let second = 0; second < seconds; second++)
    for (const [place] of OPERATIONS.entries()) {
      requests += 10 + place + second + (second % 3);
      failed += second % 3;
    }
  return { requests, failed, dropped: seconds > 2 ? 2 : 0 };
}

/** Passes a run of so many seconds to an output, without waiting between them. @param startWallMs of its clock */
export async function playRun(
  output: Exporter,
  seconds: number,
  {
    startWallMs,
    info = madeRun(),
    end = 'completed',
  }: { readonly startWallMs: number; readonly info?: RunInfo; readonly end?: 'completed' | 'aborted' },
): Promise<void> {
  await output.start(info);
  output.event?.({ type: 'phase', phase: 'run' });
  for (let second = 0; second < seconds; second++)
    output.second(madeSecond(second, startWallMs, second === seconds - 1));
  await output.stop(madeResult(end));
}
