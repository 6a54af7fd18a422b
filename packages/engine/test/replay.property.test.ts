import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunResult } from '../src/document/schema.ts';
import { EngineError } from '../src/errors.ts';
import type { ExecutorOptions } from '../src/model/executor-options.ts';
import type { ScenarioDefinition, Thresholds } from '../src/model/scenario.ts';
import {
  parseRunEnd,
  parseRunInfo,
  parseSnapshot,
  serializeRunEnd,
  serializeRunInfo,
  serializeSnapshot,
} from '../src/replay/index.ts';
import type { ScriptedAnswer } from '../src/testing/scripted-answer.ts';
import { virtualLoad } from './fixtures/virtual-load.ts';
import { WrittenRecord } from './fixtures/written-record.ts';

const executor: fc.Arbitrary<ExecutorOptions> = fc.oneof(
  fc.record({
    kind: fc.constant('constant-vus' as const),
    vus: fc.integer({ min: 1, max: 6 }),
    duration: fc.constant('5s'),
  }),
  fc.record({
    kind: fc.constant('ramping-vus' as const),
    startVUs: fc.integer({ min: 0, max: 3 }),
    stages: fc.constant([
      { duration: '2s', target: 5 },
      { duration: '2500ms', target: 1 },
    ]),
  }),
  fc.record({
    kind: fc.constant('constant-arrival-rate' as const),
    rate: fc.integer({ min: 1, max: 40 }),
    duration: fc.constant('4s'),
    maxVUs: fc.integer({ min: 1, max: 5 }),
    arrivals: fc.constantFrom('uniform' as const, 'poisson' as const),
    startTime: fc.constantFrom('0s', '1300ms'),
  }),
  fc.record({
    kind: fc.constant('ramping-arrival-rate' as const),
    startRate: fc.constant(1),
    maxVUs: fc.integer({ min: 1, max: 5 }),
    stages: fc.constant([{ duration: '4s', target: 30 }]),
  }),
  fc.record({
    kind: fc.constant('shared-iterations' as const),
    vus: fc.constant(3),
    iterations: fc.integer({ min: 3, max: 60 }),
    maxDuration: fc.constant('3s'),
  }),
  fc.record({
    kind: fc.constant('per-vu-iterations' as const),
    vus: fc.constant(3),
    iterations: fc.integer({ min: 1, max: 9 }),
  }),
  fc.constant({ kind: 'externally-controlled' as const, vus: 2, maxVUs: 6, duration: '4s' }),
  fc.constant({ kind: 'externally-controlled' as const, rate: 10, maxVUs: 6, duration: '4s' }),
);

function scenarioOf(name: string, options: ExecutorOptions, throwing: boolean): ScenarioDefinition {
  return {
    name,
    description: `does ${name}`,
    executor: options,
    operations: [
      { name: 'get', method: 'GET', route: '/' },
      { name: `${name}.post`, method: 'POST', route: '/p' },
    ],
    metrics: [
      { name: 'length', kind: 'trend', unit: 'ms' },
      { name: 'count', kind: 'counter' },
      { name: 'level', kind: 'gauge' },
      { name: 'share', kind: 'rate' },
    ],
    tags: { team: name },
    requestTags: ['page'],
    thresholds: { http_req_failed: ['rate<0.5'], 'length{kind:long}': ['p(95)<9'] },
    demand: { iterationSeconds: 0.2, requests: { get: 1 } },
    run: async (user) => {
      const response = await user.request({ operation: 'get', path: '/' });
      user.check(response, {
        ok: ({ outcome }) => outcome === 'ok',
        fast: ({ timings }) => timings.responseTimeMs < 30,
      });
      user.record('length', 1 + user.random() * 9, { kind: user.random() < 0.3 ? 'long' : 'short' });
      user.record('length', -1);
      user.record('count', user.random());
      user.record('level', user.random() * 7 - 3);
      user.record('share', user.random() < 0.5 ? 1 : 0);
      if (throwing && user.random() < 0.1) throw new Error(`number ${Math.floor(user.random() * 4)}`);
      await user.group('buy', async () => {
        await user.think({ min: 0.05, max: 0.3 });
        const tags = name === 'one' ? { tags: { page: user.random() < 0.5 ? 'cart' : 'pay' } } : {};
        await user.request({ operation: `${name}.post`, path: '/p', json: { a: 1 }, ...tags });
      });
    },
  };
}

const thresholds: Thresholds = {
  http_req_failed: ['rate<0.2', { threshold: 'rate<0.9', abortOnFail: true, delayAbortEval: '1s' }],
  response_time: ['p(95)<500', 'p(99)<35 over 2s'],
  'http_req_duration{status:500}': ['p(50)<25'],
  'http_reqs{operation:get}': ['rate>2', 'count>20 over 3s'],
  'checks{check:fast}': ['rate>0.5'],
  length: ['avg<5'],
  'group_duration{group:::buy}': ['p(95)<290'],
  'interrupted_requests{page:cart}': ['count<1'],
  'count{scenario:one}': ['count<100'],
  dropped_iterations: ['count<5'],
};

const load = fc.record({
  seed: fc.nat(1_000_000),
  scenarios: fc.array(fc.tuple(executor, fc.boolean()), { minLength: 1, maxLength: 3 }),
  failing: fc.constantFrom(0, 3, 7, 50),
  stopMs: fc.constantFrom(undefined, 1700, 2900),
  pauseMs: fc.constantFrom(undefined, 1200),
  strict: fc.boolean(),
});
type Load = typeof load extends fc.Arbitrary<infer T> ? T : never;

async function record(run: Load): Promise<{ readonly written: WrittenRecord; readonly result: RunResult }> {
  const written = new WrittenRecord();
  const answer = ({ number }: { readonly number: number }): ScriptedAnswer => {
    if (run.failing > 0 && number % run.failing === 1)
      return { status: number % 2 ? 500 : 429, afterMs: 20 + (number % 9) };
    return { afterMs: 5 + (number % 40), body: '{}' };
  };
  const names = ['one', 'two', 'three'];
  const virtual = virtualLoad(
    {
      seed: run.seed,
      strict: run.strict,
      scenarios: run.scenarios.map(([options, throwing], index) =>
        scenarioOf(names[index]!, options, throwing),
      ),
      thresholds,
      objectives: [
        { operation: 'get', p95Ms: 30, errorRate: 0.1, requestsPerSecondPer100Users: 5 },
        { operation: 'one.post', p50Ms: 1 },
      ],
      tags: { build: '7' },
      describe: { config: { nested: { a: [1, 2] } }, notes: [{ level: 'info', code: 'mine', text: 'note' }] },
      outputs: [written],
    },
    answer,
  );
  const at = (ms: number | undefined, act: () => void): void => {
    if (ms !== undefined) virtual.clock.setTimer(ms, act);
  };
  at(run.stopMs, () => virtual.run.stop('enough', 100));
  at(run.pauseMs, () => virtual.run.pause());
  at(run.pauseMs && run.pauseMs + 900, () => virtual.run.resume());
  run.scenarios.forEach(([options], index) => {
    if (options.kind !== 'externally-controlled' || (run.stopMs ?? 9000) < 900) return;
    at(800, () => {
      if ('rate' in options) virtual.run.setRate(names[index]!, 25);
      else virtual.run.setUsers(names[index]!, 5, { perSecond: 4 });
    });
  });
  return { written, result: await virtual.result() };
}

describe('the written record of a run', () => {
  it('gives the document of the run, byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(load, async (run) => {
        const { written, result } = await record(run);
        expect(JSON.stringify(written.replay(), undefined, 1)).toBe(JSON.stringify(result, undefined, 1));
      }),
      { numRuns: 40 },
    );
  }, 120_000);

  it('comes back from its text as it was', async () => {
    const { written } = await record({
      seed: 1,
      scenarios: [[{ kind: 'constant-vus', vus: 4, duration: '3s' }, true]],
      failing: 3,
      stopMs: undefined,
      pauseMs: undefined,
      strict: false,
    });
    expect(written.snapshots.length).toBeGreaterThan(2);
    for (const line of written.snapshots) {
      expect(line).not.toContain('\n');
      expect(serializeSnapshot(parseSnapshot(line))).toBe(line);
    }
    expect(serializeRunInfo(parseRunInfo(written.head))).toBe(written.head);
    expect(serializeRunEnd(parseRunEnd(written.end))).toBe(written.end);
  });

  it('without an end is a document of everything up to the last snapshot, interrupted and not valid', async () => {
    await fc.assert(
      fc.asyncProperty(load, fc.nat(), async (run, cut) => {
        const { written } = await record(run);
        const kept = written.snapshots.slice(0, cut % written.snapshots.length);
        const result = written.replay(kept, '');
        expect(result.run.end.kind).toBe('interrupted');
        expect(result.verdict.status).toBe('not-valid');
        expect(result.verdict.reasons[0]!.code).toBe('interrupted');
        const outcomes = kept
          .flatMap((line) => parseSnapshot(line).delta.operations)
          .flatMap(({ outcomes: counts }) => Object.values(counts));
        expect(result.totals.requests).toBe(outcomes.reduce((sum, count) => sum + count, 0));
        for (const { iterations } of result.scenarios) {
          const { planned, completed, failed, dropped, interrupted } = iterations;
          expect(completed + failed + dropped + interrupted!).toBe(planned);
        }
        run.scenarios.forEach(([options], index) => {
          // All of their iterations are planned from the start, whatever was started by then.
          const { planned } = result.scenarios[index]!.iterations;
          if (options.kind === 'shared-iterations') expect(planned).toBe(options.iterations);
          if (options.kind === 'per-vu-iterations') expect(planned).toBe(3 * options.iterations!);
        });
      }),
      { numRuns: 20 },
    );
  }, 120_000);

  it('that is damaged is refused, never misread as another error', async () => {
    const { written } = await record({
      seed: 1,
      scenarios: [[{ kind: 'constant-vus', vus: 4, duration: '3s' }, true]],
      failing: 3,
      stopMs: undefined,
      pauseMs: undefined,
      strict: false,
    });
    const line = written.snapshots[1]!;
    fc.assert(
      fc.property(fc.nat(line.length - 1), fc.constantFrom('', '0', '"', 'x', '[', 'null'), (at, other) => {
        const damaged = line.slice(0, at) + other + line.slice(at + 1);
        try {
          written.replay([written.snapshots[0]!, damaged], '');
        } catch (error) {
          expect(error).toBeInstanceOf(EngineError);
          expect((error as EngineError).code).toBe('invalid-snapshot');
        }
        expect(() => parseSnapshot(line.slice(0, at))).toThrow(EngineError);
      }),
      { numRuns: 150 },
    );
    expect(() => written.replay([line], '')).toThrow(/it is number 1; expected number 0/);
    expect(() => parseSnapshot(line.replace('"format":3', '"format":4'))).toThrow(
      /use the version that wrote it/,
    );
  });
});
