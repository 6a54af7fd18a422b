import { describe, expect, it } from 'vitest';
import { machineReasons } from '../src/result/machine-reasons.ts';
import type { GeneratorHealth, ObjectiveResult, ThresholdResult } from '../src/document/schema.ts';
import { judgeRun } from '../src/result/verdict.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

const BUSY = {
  processes: [
    { name: 'generator', runMs: 4000, waitMs: 6000, waitShare: 0.6 },
    { name: 'mock', runMs: 5000, waitMs: 5000, waitShare: 0.5 },
  ],
  pressureShare: 0.9,
  stealShare: 0.03,
  throttledMs: 1500,
  seconds: 30,
  loudSeconds: 28,
  lostShare: 0.3,
};

const objective = (status: ObjectiveResult['status'], parts: Partial<ObjectiveResult> = {}) =>
  ({
    operation: 'chat.send',
    aspect: 'p95',
    limit: 300,
    measured: 481,
    status,
    samples: 200,
    ...parts,
  }) as ObjectiveResult;
const threshold = (status: ThresholdResult['status']) =>
  ({
    metric: 'http_req_duration',
    expression: 'p(95)<500',
    status,
    measured: 612,
    unit: 'ms',
    limit: 500,
    samples: 200,
  }) as ThresholdResult;

function verdict(
  promises: { objectives?: ObjectiveResult[]; thresholds?: ThresholdResult[] },
  machine: GeneratorHealth['machine'] = BUSY,
  more: Partial<Parameters<typeof judgeRun>[0]> = {},
) {
  return judgeRun({
    end: { kind: 'completed' },
    requests: 100,
    retries: 0,
    scenarios: [],
    requestsOf: new Map([['chat', { requests: 100, ok: 100 }]]),
    thresholds: [],
    objectives: [],
    strict: false,
    restated: false,
    findings: [],
    withoutRequests: new Set(),
    maxDroppedShare: 0.01,
    notAwaited: [],
    unhandledErrors: 0,
    health: {
      generatorLimited: false,
      reasons: [],
      machine,
      machineCpuShare: 0.99,
    } as unknown as GeneratorHealth,
    ...promises,
    ...more,
  });
}

const codes = ({ reasons }: { reasons: readonly { code: string }[] }) => reasons.map(({ code }) => code);

describe('the verdict on a busy machine', () => {
  it('is not valid when a promise failed that waiting can explain', () => {
    const { status, reasons } = verdict({
      thresholds: [threshold('machine-limited'), threshold('pass')],
      objectives: [objective('machine-limited'), objective('pass')],
    });
    expect(status).toBe('not-valid');
    expect(reasons).toEqual([
      {
        code: 'machine-limited',
        text:
          'the machine can have made this result: http_req_duration: p(95)<500 (measured 612 ms), chat.send p95 (481 ms) failed, ' +
          'and waiting for a processor can explain it; the machine was short of processor time in 28 of 30 s: ' +
          'the generator waited for a processor 60% of the time it had work (6.00 s beside 4.00 s of running), ' +
          'the mock waited for a processor 50% of the time it had work (5.00 s beside 5.00 s of running); ' +
          'its processors were 99% busy; CPU pressure was 90%; its host took 3%; a quota held us for 1.50 s',
      },
    ]);
  });

  it('is a failure where another promise failed that waiting cannot explain', () => {
    const judged = verdict({ objectives: [objective('machine-limited'), objective('fail')] });
    expect(judged.status).toBe('fail');
    expect(codes(judged)).toEqual(['objective', 'machine-busy']);
  });

  it.each([
    ['nothing succeeded', { requestsOf: new Map([['chat', { requests: 9, ok: 0 }]]) }, 'nothing-succeeded'],
    ['the circuit breaker ended it', { end: { kind: 'circuit-breaker' } }, 'circuit-breaker'],
    ['an error was not handled', { unhandledErrors: 1 }, 'unhandled-errors'],
  ] as const)('is a failure where %s', (_, more, code) => {
    const judged = verdict({ objectives: [objective('machine-limited')] }, BUSY, more);
    expect([judged.status, codes(judged)[0]]).toEqual(['fail', code]);
  });

  it('stays a pass, with the sentence', () => {
    const judged = verdict({ objectives: [objective('pass')] });
    expect(judged.status).toBe('pass');
    expect(codes(judged)).toEqual(['machine-busy']);
  });

  it.each([
    ['a quiet machine', { ...BUSY, loudSeconds: 2, lostShare: 0.01 }],
    ['one on which each wake-up waits a little', { ...BUSY, loudSeconds: 30, lostShare: 0.09 }],
    ['a machine of which nothing is known', null],
  ])('says nothing of %s', (_, machine) => {
    expect(verdict({ objectives: [objective('pass')] }, machine)).toEqual({ status: 'pass', reasons: [] });
  });

  it('gives the figures also when few seconds were loud, where they excuse a promise', () => {
    const { limited } = machineReasons({
      thresholds: [],
      objectives: ['a', 'b', 'c', 'd', 'e'].map((operation) => objective('machine-limited', { operation })),
      health: { machine: { ...BUSY, loudSeconds: 2 }, machineCpuShare: null },
    });
    expect(limited[0]!.text).toContain('a p95 (481 ms), b p95 (481 ms), c p95 (481 ms) and 2 more failed');
    expect(limited[0]!.text).toContain('in 2 of 30 s');
  });
});

describe('a run on a clock of its own', () => {
  it('measures nothing of the machine, so that its document is the same each time', async () => {
    const run = () =>
      virtualLoad({
        scenarios: [asking('chat', { kind: 'constant-vus', vus: 2, duration: '5s' })],
        thresholds: { response_time: ['p(95)<5'] },
      }).result();
    const [first, second] = [await run(), await run()];
    expect(first.health.machine).toBeNull();
    expect(first.series.points.map(({ waitShare }) => waitShare)).toEqual(
      first.series.points.map(() => null),
    );
    expect(first.verdict.status).toBe('fail');
    expect({ ...first, environment: null }).toEqual({ ...second, environment: null });
  });
});
