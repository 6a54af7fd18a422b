import type { Now, Point } from '../../src/api/run-schema.ts';
import type { LiveStore } from '../../src/record/live-store.ts';

/** Text that a hostile target sends. */
const HOSTILE = '<img src=x onerror="globalThis.pwned=1"><script>globalThis.pwned=1</script>';

export function pointAt(second: number, p95Ms = 300 + (second % 11) * 10): Point {
  return {
    atMs: second * 1000,
    durationMs: 1000,
    users: 10,
    targetUsers: 10,
    inFlight: 4,
    iterations: 5,
    dropped: 0,
    requests: 40 + (second % 7),
    outcomes: { ok: 38 + (second % 7), server_error: 2 },
    p50Ms: 100 + (second % 5),
    p95Ms,
    p99Ms: 500,
    stage: second < 5 ? 'ramp' : 'hold 10',
  };
}

function nowAfter(points: readonly Point[]): Now {
  const requests = points.reduce((sum, point) => sum + point.requests, 0);
  const failed = points.length * 2;
  const quantiles = { p50Ms: 102, p95Ms: 350, p99Ms: 500 };
  return {
    elapsedMs: points.length * 1000,
    plannedMs: 120_000,
    stage: { index: 1, count: 2, label: 'ramp', leftMs: 5000 },
    paused: false,
    users: 10,
    targetUsers: 10,
    inFlight: 4,
    requests,
    requestsPerSecond: null,
    failed,
    iterations: points.length * 5,
    dropped: 0,
    outcomes: { ok: requests - failed, server_error: failed },
    ...quantiles,
    operations: ['chat.send', HOSTILE].map((operation) => ({
      scenario: 'chat-user',
      operation,
      requests: Math.floor(requests / 2),
      requestsPerSecond: null,
      retries: 0,
      outcomes: { ok: Math.floor(requests / 2) - points.length, server_error: points.length },
      ...quantiles,
      minMs: 10,
      maxMs: 900,
      meanMs: 120,
      last: { requests: 20, failed: 1, durationMs: 1000, ...quantiles },
    })),
    streams: ['openai.chat', 'openai.chat.completions with a long name'].map((operation) => ({
      scenario: 'chat-stream',
      operation,
      streams: requests,
      tokens: requests * 120,
      judged: requests,
      good: requests - failed,
      ttft: quantiles,
      ttlt: { p50Ms: 10_102, p95Ms: 12_350, p99Ms: 15_500 },
      gap: quantiles,
      longestGap: quantiles,
      last: { streams: 20, tokens: 2345, judged: 20, good: 19, durationMs: 1000, ...quantiles },
    })),
    promises: [
      {
        kind: 'threshold',
        label: 'http_req_duration{operation:chat.send,status:200} min>0',
        scenario: null,
        operation: null,
        aspect: null,
        status: 'pass',
        limit: 0,
        measured: 10,
        unit: 'ms',
        margin: null,
        samples: 400,
        detail: null,
      },
      ...(['fail', 'pass', 'unproven'] as const).map((status, index) => ({
        kind: 'objective' as const,
        label: 'p95',
        scenario: null,
        operation: ['chat.send', 'chat.create', HOSTILE][index] ?? null,
        aspect: 'p95',
        status,
        limit: 300,
        measured: 350,
        unit: 'ms',
        margin: -0.17,
        samples: 400,
        detail: null,
      })),
    ],
    missed: ['chat.send: p95 350 ms (limit 300 ms)'],
    failures: [
      {
        scenario: 'chat-user',
        operation: 'chat.send',
        outcome: 'server_error',
        code: 'http_500',
        message: HOSTILE,
        count: failed,
        firstMs: 0,
        lastMs: 9000,
        example: { status: 500, request: 'POST /api/chat', body: HOSTILE },
      },
    ],
    failuresNotListed: 0,
    exceptions: [{ scenario: 'chat-user', message: HOSTILE, count: 1 }],
    exceptionsNotListed: 950,
    scenarios: [
      {
        scenario: 'chat-user',
        users: 10,
        targetUsers: 10,
        iterations: points.length * 5,
        plannedRequests: { 'chat.send': 2, 'chat.create': 1 },
      },
    ],
    generator: {
      eventLoopUtilization: 0.95,
      pacerLagP99Ms: 1.2,
      waitShare: 0.1,
      rssBytes: 1.2e8,
      machineCpuShare: 0.5,
      cpuSeconds: 3.2,
      threads: 1,
      reasons: ['A thread of the generator is busy 95 % of the time: use more --threads or less load.'],
    },
  };
}

/** A run that is on, some seconds old, of a target that sends markup wherever it can. */
export function fillStore(store: LiveStore, seconds = 30): { readonly addSecond: () => void } {
  const points: Point[] = [];
  const addSecond = (): void => {
    const point = pointAt(points.length);
    points.push(point);
    store.second(point, nowAfter(points), { binMs: 1000, points: [...points] }, false);
  };
  const head = {
    runId: '20261128-120000-abcd',
    target: { name: 'mock', url: 'http://127.0.0.1:1' },
    startedAt: '2026-11-28T12:00:00.000Z',
    seed: 42,
    load: '10 users in all, for 2m',
    scenarios: ['chat-user'],
  };
  store.begin(head, () => ({
    binMs: 1000,
    points,
    distribution: [
      { fromMs: 10, toMs: 100, count: 40 },
      { fromMs: 100, toMs: 1000, count: 7 },
    ],
    streams: null,
  }));
  store.setSession({ state: 'running', steered: { by: 'users', value: 10, max: 100 } });
  for (let second = 0; second < seconds; second++) addSecond();
  store.mark({ atMs: 5000, kind: 'threshold', text: HOSTILE });
  store.log('warning', HOSTILE);
  return { addSecond };
}
