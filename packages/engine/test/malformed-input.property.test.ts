import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../src/clock/virtual-clock.ts';
import { EngineError } from '../src/errors.ts';
import { checkClientOptions, checkRunOptions } from '../src/input/run-rules.ts';
import type { RunOptions } from '../src/options.ts';
import { checkThresholds } from '../src/run/check-thresholds.ts';
import { compileRun } from '../src/run/compile.ts';
import { resolveRun } from '../src/run/resolve-options.ts';
import type { RequestSpec, ScenarioDefinition, VirtualUser } from '../src/scenario.ts';
import { ScriptedTarget } from '../src/transport/scripted-target.ts';
import { virtualLoad } from './fixtures/virtual-load.ts';

/* Whatever plain JavaScript passes is taken, or refused by an EngineError that names the place. */

const operation = () => ({
  name: 'ask',
  method: 'POST' as const,
  route: '/ask',
  accepts: () => undefined,
  maxPerSecond: 5,
});

/** Every option of a run, each with a value that is right. */
function everyOption(): RunOptions {
  const clock = new VirtualClock();
  const run = () => Promise.resolve();
  return {
    baseUrl: 'http://127.0.0.1:8100/api',
    scenarios: [
      {
        name: 'chat',
        description: 'asks',
        operations: [operation()],
        metrics: [{ name: 'words', kind: 'trend', unit: 'count' }],
        setup: run,
        onStart: run,
        tasks: [{ name: 'ask', weight: 1, run }],
        wait: { kind: 'between', min: 1, max: 2 },
        onStop: run,
        teardown: run,
        executor: {
          kind: 'ramping-arrival-rate',
          startRate: 1,
          timeUnit: '1s',
          stages: [{ duration: '10s', target: 5 }],
          preAllocatedVUs: 1,
          maxVUs: 5,
          arrivals: 'poisson',
          startTime: '1s',
          gracefulStop: '5s',
          tags: { team: 'voice' },
        },
        thresholds: { words: [{ threshold: 'p(95)<5', abortOnFail: true, delayAbortEval: '1s' }] },
        demand: { iterationSeconds: 1, requests: { ask: 1 } },
        tags: { team: 'voice' },
      },
      {
        name: 'voice',
        operations: [operation()],
        run,
        wait: { kind: 'constant-throughput', perSecond: 1 },
        executor: {
          kind: 'ramping-vus',
          startVUs: 1,
          stages: [{ duration: 5, target: 2 }],
          gracefulRampDown: 1,
        },
      },
    ],
    threads: 1,
    thresholds: { http_req_duration: ['p(95)<500'] },
    objectives: [
      {
        operation: 'ask',
        p50Ms: 1,
        p95Ms: 2,
        p99Ms: 3,
        errorRate: 0.1,
        requestsPerSecondPer100Users: 1,
      },
    ],
    seed: 1,
    runId: 'run-1',
    tags: { team: 'voice' },
    headers: { 'x-team': 'voice' },
    userAgent: 'test/1',
    address: ['127.0.0.1'],
    tls: { ca: 'PEM', rejectUnauthorized: true },
    http2: false,
    cookies: true,
    connections: 'shared',
    maxConnections: 5,
    pacing: 'precise',
    timeouts: { connectMs: 1, headersMs: 2, bodyMs: 3, requestMs: 4 },
    maxBodyBytes: 1000,
    warmUp: false,
    strict: true,
    circuitBreaker: { failureShare: 0.5, forMs: 1000, minRequests: 5 },
    signal: new AbortController().signal,
    onEvent: () => undefined,
    onExchange: () => undefined,
    clock,
    transport: new ScriptedTarget(clock),
    watchProcesses: [{ name: 'mock', pid: 1 }],
    describe: {
      target: { name: 'mock', dialect: 'core', detail: 'x' },
      config: { profile: 'smoke' },
      notes: [{ level: 'info', code: 'mine', text: 'note' }],
    },
  };
}

/** What `startLoad` does before it returns. */
function take(options: RunOptions): void {
  checkRunOptions(options);
  resolveRun(options);
  if (Array.isArray(options.scenarios)) {
    checkThresholds(options.scenarios as readonly ScenarioDefinition[], options.thresholds ?? {});
  }
}

type Path = readonly (string | number)[];

/** Of the caller's own making: whatever is in it is right. */
const OPAQUE: ReadonlySet<string> = new Set(['clock', 'transport', 'signal', 'config']);

/** Every place in a tree, its root excepted. */
function placesIn(tree: unknown, path: Path = []): Path[] {
  if (typeof tree !== 'object' || tree === null || OPAQUE.has(String(path.at(-1)))) return [];
  return Object.entries(tree).flatMap(([key, value]) => {
    const place = [...path, Array.isArray(tree) ? Number(key) : key];
    return [place, ...placesIn(value, place)];
  });
}

function put(tree: unknown, path: Path, value: unknown): void {
  let parent = tree as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) parent = parent[key] as Record<string | number, unknown>;
  Object.defineProperty(parent, path.at(-1)!, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function outcomeOf(act: () => void): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error;
  }
}

const PLACES = placesIn(everyOption());
/** Names of the caller's own: metrics, tags, headers, operations. */
const MAPS: ReadonlySet<string> = new Set(['tags', 'headers', 'thresholds', 'requests']);
const OBJECTS = PLACES.filter((path) => {
  const value = path.reduce<unknown>(
    (tree, key) => (tree as Record<string | number, unknown>)[key],
    everyOption(),
  );
  const own = OPAQUE.has(String(path.at(-1))) || MAPS.has(String(path.at(-1)));
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !own;
});

const junk = fc.oneof(
  fc.anything({ withNullPrototype: true, withMap: true, withSet: true, withDate: true, withBigInt: true }),
  fc.constantFrom<unknown>(
    Number.NaN,
    -1,
    -0,
    1e300,
    Infinity,
    '',
    '5',
    'constructor',
    '__proto__',
    null,
    [],
    {},
  ),
  fc.constant(Promise.resolve()),
  fc.constant(() => Promise.resolve()),
);

it('takes the tree that all of this starts from', () => {
  expect(outcomeOf(() => take(everyOption()))).toBeUndefined();
  expect(PLACES.length).toBeGreaterThan(90);
});

describe('options that are malformed', () => {
  it('are taken, or refused by an EngineError, whatever stands in one place', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PLACES), junk, (path, value) => {
        const options = everyOption();
        put(options, path, value);
        const error = outcomeOf(() => take(options));
        if (error !== undefined) expect(error).toBeInstanceOf(EngineError);
      }),
      { numRuns: 3000 },
    );
  });

  it.each(
    PLACES.filter((path) => !OPAQUE.has(String(path.at(-2)))).map((path) => [path.join('.'), path] as const),
  )('are refused by the name of the option where a symbol stands for it: %s', (_name, path) => {
    const options = everyOption();
    put(options, path, Symbol('junk'));
    const error = outcomeOf(() => take(options));
    if (path.at(-2) === 'config') return;
    expect(error).toBeInstanceOf(EngineError);
    const named = path.findLast((key) => typeof key === 'string')!;
    expect((error as EngineError).message).toContain(
      typeof path[0] === 'string' && named === 'scenarios' ? 'scenario' : named,
    );
  });

  it.each(OBJECTS.map((path) => [path.join('.'), path] as const))(
    'name a member that there is not: %s',
    (_name, path) => {
      fc.assert(
        fc.property(
          fc.constantFrom('constructor', '__proto__', 'toString', 'valueOf', 'xyzzyxyzzy'),
          (member) => {
            const options = everyOption();
            put(options, [...path, member], 1);
            // In a scenario a caller may keep things of their own.
            if (path.at(-2) === 'scenarios') return;
            const error = outcomeOf(() => take(options));
            expect(error).toBeInstanceOf(EngineError);
            expect((error as EngineError).message).toContain(member);
          },
        ),
      );
    },
  );

  it('are refused where everything is something else', () => {
    fc.assert(
      fc.property(junk, (options) => {
        for (const entry of [
          () => take(options as RunOptions),
          () => checkClientOptions(options as never),
          () => void compileRun(options as never),
        ]) {
          const error = outcomeOf(entry);
          if (error !== undefined) expect(error).toBeInstanceOf(EngineError);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('whose getters throw are refused by name', () => {
    const options = everyOption();
    Object.defineProperty(options.timeouts, 'requestMs', {
      enumerable: true,
      get: () => {
        throw new TypeError('broken');
      },
    });
    const error = outcomeOf(() => take(options));
    expect(error).toMatchObject({
      code: 'invalid-option',
      message: expect.stringContaining('timeouts.requestMs cannot be read') as string,
    });
  });

  it('that are frozen are as good as any', () => {
    const freeze = (tree: unknown): void => {
      if (typeof tree !== 'object' || tree === null || tree instanceof VirtualClock) return;
      if (tree instanceof ScriptedTarget || tree instanceof AbortSignal) return;
      for (const value of Object.values(tree)) freeze(value);
      Object.freeze(tree);
    };
    const options = everyOption();
    freeze(options);
    expect(outcomeOf(() => take(options))).toBeUndefined();
  });
});

/** Lets a user do one thing after another, each in an iteration of its own; what was thrown, in order. */
async function errorsOf<Input>(
  inputs: readonly Input[],
  act: (user: VirtualUser, input: Input) => Promise<unknown>,
): Promise<unknown[]> {
  const thrown: unknown[] = [];
  const load = virtualLoad({
    scenarios: [
      {
        name: 'chat',
        operations: [operation()],
        metrics: [{ name: 'words', kind: 'trend' }],
        executor: {
          kind: 'per-vu-iterations',
          iterations: inputs.length,
          maxDuration: '20d',
          gracefulStop: 0,
        },
        run: async (user) => {
          try {
            await act(user, inputs[user.iteration]!);
            thrown.push(undefined);
          } catch (error) {
            thrown.push(error);
          }
        },
      },
    ],
  });
  await load.result();
  return thrown;
}

const ASK: RequestSpec = { operation: 'ask', path: '/ask' };

describe('what scenario code passes', () => {
  const calls: readonly [string, (user: VirtualUser, input: unknown) => Promise<unknown>][] = [
    ['a request', (user, input) => user.request(input as RequestSpec)],
    ...(['operation', 'path', 'headers', 'json', 'body', 'timeoutMs'] as const).map(
      (name): [string, (user: VirtualUser, input: unknown) => Promise<unknown>] => [
        `a request's ${name}`,
        (user, input) => user.request({ ...ASK, [name]: input }),
      ],
    ),
    ['a header', (user, input) => user.request({ ...ASK, headers: { 'x-own': input } as never })],
    ['tags', (user, input) => Promise.resolve(user.record('words', 1, input as never))],
    ['checks', async (user, input) => user.check(await user.request(ASK), input as never)],
  ];
  it.each(calls)('is taken, or an EngineError: %s', async (what, call) => {
    const inputs = fc.sample(junk, { numRuns: 200, seed: 7 });
    const errors = (await errorsOf(inputs, call)).filter((error) => error !== undefined);
    // What the functions of checks do is their own.
    if (what === 'checks') return;
    for (const error of errors) expect(error).toBeInstanceOf(EngineError);
    if (!/json|tags/.test(what)) expect(errors.length).toBeGreaterThan(100);
  });

  it('as a time to think is a wait of that length, or an EngineError', async () => {
    const good = [0, 0.5, 3, { min: 1, max: 2 }, { min: 0, max: 0 }];
    const bad = [
      NaN,
      -1,
      Infinity,
      1e10,
      '2',
      null,
      undefined,
      {},
      { min: 1 },
      { from: 1, to: 2 },
      { min: 2, max: 1 },
    ];
    const worse = [{ min: 1, max: 2, mean: 1 }, { min: '1', max: '2' }, [1, 2], new Date(), true];
    const errors = await errorsOf([...good, ...bad, ...worse], (user, input) => user.think(input as never));
    expect(errors.slice(0, good.length)).toEqual(good.map(() => undefined));
    for (const error of errors.slice(good.length)) {
      expect(error).toBeInstanceOf(EngineError);
      expect((error as Error).message).toMatch(/^scenario "chat" thinks for /);
    }
  });

  it.each([
    [{ timeout: 5 }, "has 'timeout', which is no part of a request. It is 'timeoutMs' here."],
    [{ pth: '/x' }, "Did you mean 'path'?"],
    [{ timeoutMs: '5' }, "timeoutMs '5'"],
    [{ headers: new Headers({ a: 'b' }) }, 'no plain object'],
    [{ headers: { a: 5 } }, 'value of header "a"'],
    [{ headers: { 'a b': 'x' } }, 'the header name "a b"'],
    [{ headers: { a: '日本' } }, 'nothing beyond Latin-1'],
    [{ path: '/a#b' }, '%23'],
    [{ path: '/a b' }, 'without blanks'],
    [{ path: '/\ud83d' }, 'whole characters'],
  ])('is named in the error: %j', async (parts, message) => {
    const [error] = await errorsOf([parts], (user, input) =>
      user.request({ ...ASK, ...input } as RequestSpec),
    );
    expect(error).toMatchObject({ code: 'invalid-request' });
    expect((error as Error).message).toContain(message);
  });

  it('to a check is an answer and functions, whose own answer is there at once', async () => {
    const errors = await errorsOf<(user: VirtualUser) => Promise<unknown>>(
      [
        async (user) =>
          user.check(await user.request(ASK), { never: (() => Promise.resolve(true)) as never }),
        async (user) =>
          user.check(await user.request(ASK), { never: (() => Promise.reject(new Error())) as never }),
        (user) => {
          const answer = user.request(ASK);
          return answer.then(() => user.check(answer as never, { ok: () => true }));
        },
        async (user) => user.check(await user.request(ASK), undefined as never),
      ],
      (user, act) => act(user),
    );
    expect(
      errors.map((error) => (error as Error).message.replace(/^scenario "chat":? /, '').slice(0, 40)),
    ).toEqual([
      "check 'never' is asynchronous; expected ",
      "check 'never' is asynchronous; expected ",
      'checks a promise; expected the answer it',
      'checks undefined; expected an object of ',
    ]);
  });
});
