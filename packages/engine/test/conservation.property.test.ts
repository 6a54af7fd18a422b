import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExecutorOptions } from '../src/model/executor-options.ts';
import type { VirtualUser } from '../src/model/scenario.ts';
import type { TransportFailure } from '../src/model/flight.ts';
import { scenarioWith, virtualRun, type VirtualRun } from './fixtures/virtual-run.ts';

const RESET: TransportFailure = { outcome: 'connection_error', code: 'ECONNRESET', message: 'reset' };
const TIMEOUT: TransportFailure = { outcome: 'timeout', code: 'request_timeout', message: 'late' };

const stages = (most: number) =>
  fc.array(
    fc.record({ duration: fc.integer({ min: 0, max: 3000 }), target: fc.integer({ min: 0, max: most }) }),
    { minLength: 1, maxLength: 4 },
  );

const executors: fc.Arbitrary<ExecutorOptions> = fc
  .oneof(
    fc.record({
      kind: fc.constant('constant-vus' as const),
      vus: fc.integer({ min: 1, max: 8 }),
      duration: fc.integer({ min: 1, max: 4000 }),
    }),
    fc.record({
      kind: fc.constant('ramping-vus' as const),
      startVUs: fc.integer({ min: 1, max: 6 }),
      stages: stages(8),
      gracefulRampDown: fc.constantFrom(0, 300, 30_000),
    }),
    fc.record({
      kind: fc.constant('shared-iterations' as const),
      vus: fc.integer({ min: 1, max: 6 }),
      iterations: fc.integer({ min: 6, max: 60 }),
      maxDuration: fc.integer({ min: 100, max: 4000 }),
    }),
    fc.record({
      kind: fc.constant('per-vu-iterations' as const),
      vus: fc.integer({ min: 1, max: 6 }),
      iterations: fc.integer({ min: 1, max: 12 }),
      maxDuration: fc.integer({ min: 100, max: 4000 }),
    }),
    fc.record({
      kind: fc.constant('constant-arrival-rate' as const),
      rate: fc.integer({ min: 1, max: 80 }),
      duration: fc.integer({ min: 1, max: 4000 }),
      maxVUs: fc.integer({ min: 1, max: 20 }),
      arrivals: fc.constantFrom('uniform' as const, 'poisson' as const),
    }),
    fc.record({
      kind: fc.constant('ramping-arrival-rate' as const),
      startRate: fc.integer({ min: 1, max: 40 }),
      stages: stages(80),
      maxVUs: fc.integer({ min: 1, max: 20 }),
    }),
  )
  .filter((options) => !('stages' in options) || options.stages.some(({ duration }) => duration > 0));

/** The fault of each request, in order. */
const faults = fc.array(
  fc.record({
    afterMs: fc.oneof(fc.integer({ min: 0, max: 900 }), fc.constant(Number.POSITIVE_INFINITY)),
    status: fc.constantFrom(200, 200, 200, 404, 429, 503),
    failure: fc.constantFrom(undefined, undefined, undefined, RESET, TIMEOUT),
  }),
  { minLength: 1, maxLength: 12 },
);

const moves = fc.array(
  fc.record({
    afterMs: fc.integer({ min: 0, max: 1500 }),
    what: fc.constantFrom('pause', 'resume', 'block', 'users'),
    users: fc.integer({ min: 0, max: 9 }),
  }),
  { maxLength: 5 },
);

const behaviour = fc.record({
  requests: fc.integer({ min: 0, max: 3 }),
  thinkMs: fc.constantFrom(0, 0, 50, 700),
  throwsEvery: fc.constantFrom(0, 0, 3),
  startFailsFor: fc.constantFrom(0, 0, 2),
  waitSeconds: fc.constantFrom(undefined, 0.2),
});

async function play(
  { clock, executor }: VirtualRun,
  list: readonly { afterMs: number; what: string; users: number }[],
) {
  for (const { afterMs, what, users } of list) {
    await clock.advance(afterMs);
    if (what === 'pause') executor.pause();
    else if (what === 'resume') executor.resume();
    else if (what === 'block') clock.block(120);
    else executor.setUsers(users);
  }
}

describe('every planned start', () => {
  it('ends as completed, failed, dropped or interrupted, for any schedule, target and steering', async () => {
    await fc.assert(
      fc.asyncProperty(
        executors,
        faults,
        behaviour,
        moves,
        fc.integer(),
        async (options, answers, code, list, seed) => {
          let iterations = 0;
          const run = virtualRun(
            scenarioWith(options, {
              onStart: (user) =>
                user.iteration < code.startFailsFor && user.id % 2 === 0
                  ? Promise.reject(new Error('start'))
                  : Promise.resolve(),
              run: async (user: VirtualUser) => {
                const number = iterations++;
                for (let k = 0; k < code.requests; k++) await user.request({ operation: 'ask', path: '/' });
                if (code.thinkMs > 0) await user.think(code.thinkMs / 1000);
                if (code.throwsEvery > 0 && number % code.throwsEvery === 0) throw new Error('code');
                // Makes empty iterations take time, so that their number stays small.
                if (code.requests === 0 && code.thinkMs === 0) await user.think(0.02);
              },
              ...(code.waitSeconds === undefined
                ? {}
                : { wait: { kind: 'constant-pacing', seconds: code.waitSeconds } }),
            }),
            {
              seed,
              answer: (_path, number) => {
                const { afterMs, status, failure } = answers[number % answers.length]!;
                return { afterMs: Math.max(afterMs, 5), status, ...(failure && { failure }) };
              },
            },
          );
          const running = run.start();
          await play(run, list);
          await run.clock.advance(5000);
          run.executor.interrupt();
          await run.clock.advance(10);
          await running;

          const { planned, started, completed, failed, dropped, interrupted } = run.counts();
          expect(completed + failed + dropped + interrupted).toBe(planned);
          expect(started + dropped).toBe(planned);
          expect(run.executor).toMatchObject({ users: 0, inFlight: 0 });
          const measured = run.measure().mergeOperations();
          expect(measured.requests + measured.interrupted).toBe(run.transport.requests.length);
          const count = (histograms: readonly ({ count: number } | undefined)[]) =>
            histograms.reduce((sum, histogram) => sum + (histogram?.count ?? 0), 0);
          expect(count(measured.response)).toBe(measured.requests);
          expect(count(measured.service)).toBe(measured.requests);
          await run.clock.advance(60_000);
          expect(run.counts().planned).toBe(planned);
        },
      ),
      { numRuns: 150 },
    );
  });
});
