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

  it('has requests with tags and groups of their own, which thresholds select by and the document counts', async () => {
    const Fit = {
      '~standard': { version: 1, vendor: 'test', validate: () => ({ issues: [{ message: 'no' }] }) },
    };
    const definition = defineScenario({
      name: 'labelled',
      executor,
      requestTags: ['page', 'step'],
      operations: [
        { name: 'get', method: 'GET', route: '/{n}' },
        { name: 'own', method: 'GET', route: '/own', tags: { page: 'cart' } },
      ],
      async run(user) {
        const get = (page: string, step?: string) =>
          user.request({
            operation: 'get',
            params: { n: page },
            tags: { page, ...(step === undefined ? {} : { step }) },
          });
        await user.request({ operation: 'get', params: { n: 1 } });
        await get('home');
        await user.group('checkout', async () => {
          (await get('cart', 'first')).json(Fit as never);
          await user.group('payment', () => user.request({ operation: 'own' }));
        });
        await user.batch(
          Array.from({ length: 60 }, (_, n) => ({
            operation: 'own' as const,
            tags: { step: `${user.iteration}-${n}` },
          })),
          { connections: 60 },
        );
      },
    });
    const thresholds = {
      'http_reqs{page:cart}': ['count==124'],
      'http_reqs{page:home}': ['count==2'],
      'http_reqs{page:nowhere}': ['count==0'],
      'http_reqs{page:cart,step:first}': ['count==2'],
      'http_reqs{page:cart,step:first,outcome:invalid_body}': ['count==2'],
      'http_req_failed{page:home}': ['rate==0'],
      'http_req_duration{page:cart,step:first,status:200}': ['count==2'],
      'http_req_duration{group:::checkout}': ['count==2'],
      'http_req_waiting{group:::checkout::payment}': ['count==2'],
      'http_req_duration{page:nowhere}': ['p(95)<500'],
    };
    const result = await load(definition, { thresholds });
    expect(result.exceptions).toEqual([]);
    expect(result.thresholds.map(({ metric, measured }) => [metric, measured])).toEqual([
      ['http_reqs{page:cart}', 124],
      ['http_reqs{page:home}', 2],
      ['http_reqs{page:nowhere}', 0],
      ['http_reqs{page:cart,step:first}', 2],
      ['http_reqs{page:cart,step:first,outcome:invalid_body}', 2],
      ['http_req_failed{page:home}', 0],
      ['http_req_duration{page:cart,step:first,status:200}', 2],
      ['http_req_duration{group:::checkout}', 2],
      ['http_req_waiting{group:::checkout::payment}', 2],
      ['http_req_duration{page:nowhere}', null],
    ]);
    expect(result.thresholds.at(-1)?.status).toBe('no-data');
    const tags = new Map(result.tags?.map(({ tag, value, ...rest }) => [`${tag}:${value}`, rest]));
    expect(tags.get('page:cart')).toMatchObject({ requests: 124, failed: 2, failureShare: 2 / 124 });
    expect(tags.get('page:home')).toMatchObject({ requests: 2, failed: 0, responseTime: { count: 2 } });
    expect(tags.get('group:::checkout')?.requests).toBe(2);
    // 99 values after the tags of the group's request, 21 more.
    expect(tags.get('step:(other)')?.requests).toBe(21);
    expect(tags.get('step:0-0')?.requests).toBe(1);
    expect(result.notes.filter(({ code }) => code === 'tag-values').map(({ text }) => text)).toEqual([
      expect.stringContaining('step (21 requests)'),
    ]);
  });

  it('is told which tags and groups cannot be', async () => {
    const said: string[] = [];
    const tried = async (request: () => Promise<unknown>): Promise<void> => {
      said.push(
        await request().then(
          () => 'sent',
          (error: unknown) => (error as Error).message,
        ),
      );
    };
    await load(
      defineScenario({
        name: 'wrong',
        executor: { kind: 'per-vu-iterations', vus: 1, iterations: 1 },
        requestTags: ['page'],
        operations: [{ name: 'own', method: 'GET', route: '/own', tags: { page: 'cart' } }, 'GET /free'],
        async run(user) {
          const other = (tags: unknown) => () => user.get('/free', { tags } as never);
          await tried(other({ pge: 'a' }));
          await tried(other({ page: 7 }));
          await tried(other('cart'));
          await tried(() => user.request({ operation: 'own', tags: { page: 'home' } }));
          await tried(() => user.group('a::b', () => user.get('/free')));
          await tried(() =>
            Promise.all([user.group('a', () => user.get('/free')), user.group('b', () => user.get('/free'))]),
          );
          await tried(() => {
            const failing = user.group('c', async () => {
              await user.get('/free');
              throw new Error('an error of the work');
            });
            void user.group('d', () => user.get('/free')).catch(() => undefined);
            return failing;
          });
        },
      }),
    );
    expect(said).toEqual([
      expect.stringContaining(`has tag 'pge', which the scenario does not declare. Did you mean 'page'?`),
      expect.stringContaining('has tag page 7; expected a string'),
      expect.stringContaining(`has tags 'cart'; expected an object`),
      expect.stringContaining(`has tag page, which its operation or scenario has already ('cart')`),
      expect.stringContaining('groups by "a::b"; expected a name without ::'),
      expect.stringContaining('has groups that overlap'),
      'an error of the work',
    ]);
    const reserved = {
      name: 'x',
      executor,
      operations: ['GET /'],
      requestTags: ['status'],
      run: async () => {},
    } as const;
    await expect(load(defineScenario(reserved))).rejects.toThrow(
      'expected other names than scenario, operation',
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

it('has no number of an iteration in onStart and onStop, which take none', async () => {
  const numbers: (readonly [string, number])[] = [];
  for (const kind of ['per-vu-iterations', 'constant-arrival-rate'] as const) {
    await load(
      defineScenario({
        name: kind,
        executor:
          kind === 'per-vu-iterations'
            ? { kind, vus: 1, iterations: 2 }
            : { kind, rate: 20, duration: '100ms', preAllocatedVUs: 0, maxVUs: 1 },
        operations: ['GET /'],
        onStart(user) {
          numbers.push(['onStart', user.iterationInRun]);
          return Promise.resolve(undefined);
        },
        async run(user) {
          numbers.push(['run', user.iterationInRun]);
          await user.get('/');
        },
        onStop(user) {
          numbers.push(['onStop', user.iterationInRun]);
          return Promise.resolve();
        },
      }),
    );
  }
  expect(numbers.filter(([where]) => where !== 'run').map(([, number]) => number)).toEqual([0, 0, 0, 0]);
  const inRuns = numbers.flatMap(([where, number]) => (where === 'run' ? number : []));
  expect(inRuns.slice(0, 3)).toEqual([0, 1, 0]);
});

describe('users of several threads and scenarios', () => {
  it('stop the run for a reason without the secrets that they sent', async () => {
    const module = new URL('./support/telling-scenario.js', import.meta.url).href;
    const result = await runLoad({
      baseUrl: server.url,
      threads: 2,
      warmUp: false,
      scenarios: { module, export: 'scenarios' },
    });
    expect(result.run.end).toEqual({ kind: 'stopped', reason: 'scenario "telling": refused for ***' });
  });

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
