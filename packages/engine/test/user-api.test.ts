import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// Threads load the built engine, so this test does too.
import { defineScenario, feeder, runLoad, type RunResult, type ScenarioDefinition } from '../dist/index.js';
import { serveHttp, type Loopback } from './fixtures/loopback.ts';

interface Seen {
  readonly url: string;
  readonly number: string;
}

const seen: Seen[] = [];
let inFlight = 0;
let mostInFlight = 0;
let server: Loopback;

beforeAll(async () => {
  server = await serveHttp((request, response) => {
    mostInFlight = Math.max(mostInFlight, ++inFlight);
    const { 'x-number': number } = request.headers;
    seen.push({ url: request.url ?? '', number: String(number) });
    // Answers wait for one another, so that concurrent requests are seen as such.
    setTimeout(() => {
      inFlight--;
      response.end('{}');
    }, 20);
  });
});
afterAll(() => server.close());

function load(
  definition: ScenarioDefinition<undefined, undefined>,
  options: { readonly thresholds?: Readonly<Record<string, readonly string[]>> } = {},
): Promise<RunResult> {
  seen.length = 0;
  mostInFlight = 0;
  return runLoad({
    baseUrl: server.url,
    warmUp: false,
    scenarios: [definition],
    ...options,
  });
}

const executor = { kind: 'per-vu-iterations', vus: 1, iterations: 2 } as const;

describe('a user', () => {
  it('sends a batch over connections of its own, at most as many as it says', async () => {
    const before = server.connections;
    const answers: string[][] = [];
    const result = await load(
      defineScenario({
        name: 'page',
        executor,
        operations: ['GET /page', 'GET /asset/{n}'],
        async run(user) {
          await user.get('/page');
          const assets = Array.from({ length: 8 }, (_, n) => ({
            operation: 'GET /asset/{n}' as const,
            params: { n },
          }));
          const all = await user.batch(['GET /page', ...assets], { connections: 4 });
          answers.push(all.map(({ operation, outcome }) => `${operation} ${outcome}`));
        },
      }),
    );
    expect(mostInFlight).toBe(4);
    expect(server.connections - before).toBe(4);
    expect(answers).toHaveLength(2);
    expect(answers[0]).toEqual(['GET /page ok', ...Array.from({ length: 8 }, () => 'GET /asset/{n} ok')]);
    expect(result.totals.requests).toBe(20);
  });

  it('has requests that thresholds select by the tags of their operations', async () => {
    const definition = defineScenario({
      name: 'tagged',
      executor,
      tags: { team: 'shop' },
      operations: [
        { name: 'home', method: 'GET', route: '/home', tags: { page: 'home' } },
        { name: 'cart', method: 'GET', route: '/cart', tags: { page: 'cart' }, expect: [404] },
        { name: 'pay', method: 'GET', route: '/pay', tags: { page: 'cart', team: 'money' } },
      ],
      async run(user) {
        await user.batch(['home', 'cart', 'pay']);
      },
    });
    const result = await load(definition, {
      thresholds: {
        'http_reqs{page:cart}': ['count==4'],
        'http_reqs{page:home}': ['count==2'],
        'http_req_failed{page:cart}': ['rate==0.5'],
        'http_req_failed{page:home}': ['rate==0'],
        'http_reqs{page:cart,team:shop}': ['count==2'],
        'http_req_duration{page:cart}': ['count==4'],
      },
    });
    expect(result.thresholds.map(({ metric, measured }) => [metric, measured])).toEqual([
      ['http_reqs{page:cart}', 4],
      ['http_reqs{page:home}', 2],
      ['http_req_failed{page:cart}', 0.5],
      ['http_req_failed{page:home}', 0],
      ['http_reqs{page:cart,team:shop}', 2],
      ['http_req_duration{page:cart}', 4],
    ]);
    await expect(load(definition, { thresholds: { 'http_reqs{page:crt}': ['count>1'] } })).rejects.toThrow(
      'no scenario or operation has page "crt". Did you mean',
    );
    await expect(load(definition, { thresholds: { 'iterations{page:cart}': ['count>1'] } })).rejects.toThrow(
      'iterations has no tag "page"',
    );
  });

  it('ends the run with a reason, and takes rows of declared feeders alone', async () => {
    const undeclared = feeder.of(['a']);
    const result = await load(
      defineScenario({
        name: 'stopping',
        executor: { kind: 'constant-vus', vus: 1, duration: '1m' },
        operations: ['GET /{n}'],
        async run(user) {
          await user.get('/{n}', { params: { n: user.iterationInRun } });
          if (user.iteration === 2) user.stop('the shop is closed');
          if (user.iteration === 1) user.feed(undeclared);
        },
      }),
    );
    expect(result.run.end).toEqual({ kind: 'stopped', reason: 'scenario "stopping": the shop is closed' });
    expect(seen.map(({ url }) => url)).toEqual(['/0', '/1', '/2']);
    expect(result.exceptions[0]?.message).toContain('which it does not declare; expected feeders: [...]');
  });
});

describe('users of several threads and scenarios', () => {
  it('take each row of a unique feeder once, and end the run after the last', async () => {
    seen.length = 0;
    const result = await runLoad({
      baseUrl: server.url,
      threads: 2,
      warmUp: false,
      scenarios: {
        module: new URL('./support/feeding-scenarios.js', import.meta.url).href,
        export: 'scenarios',
      },
    });
    const rows = seen.map(({ url }) => url).toSorted();
    expect(rows).toEqual(Array.from({ length: 40 }, (_, index) => `/row-${index}`).toSorted());
    expect(result.run.end).toEqual({
      kind: 'stopped',
      reason: 'feeder "rows" has no more rows: all 40 were used',
    });
    expect(result.iterations.completed).toBe(40);
    expect(result.iterations.failed).toBe(0);
    // Numbers of iterations are those of the scenario: each has its own, without gaps.
    const numbers = seen.map(({ number }) => Number(number)).toSorted((a, b) => a - b);
    expect(new Set(numbers).size).toBeGreaterThanOrEqual(20);
    expect(numbers[0]).toBe(0);
  });
});
