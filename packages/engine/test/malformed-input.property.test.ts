import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../src/testing/virtual-clock.ts';
import { EngineError } from '../src/errors.ts';
import { checkClientOptions, checkRunOptions } from '../src/input/run-rules.ts';
import type { RunOptions } from '../src/model/run-options.ts';
import { checkThresholds } from '../src/judging/check-thresholds.ts';
import { compileRun } from '../src/definition/compile.ts';
import { resolveRun } from '../src/definition/resolve-options.ts';
import type { ScenarioDefinition } from '../src/model/scenario.ts';
import { ScriptedTarget } from '../src/testing/scripted-target.ts';
import { junk, operation } from './fixtures/junk.ts';

/* Any value from plain JavaScript is either accepted or refused with an EngineError that names its path. */

/** Every option of a run, each with a valid value. */
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
    outputs: [{ name: 'mine', required: false, start: () => undefined, stop: () => undefined }],
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

/** Everything that `startLoad` does before it returns. */
function take(options: RunOptions): void {
  checkRunOptions(options);
  resolveRun(options);
  if (Array.isArray(options.scenarios)) {
    checkThresholds(options.scenarios as readonly ScenarioDefinition[], options.thresholds ?? {});
  }
}

type Path = readonly (string | number)[];

/** Objects of the caller: any content is valid. */
const OPAQUE: ReadonlySet<string> = new Set(['clock', 'transport', 'signal', 'config']);

/** Paths of all values in a tree, except its root. */
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
/** Objects whose keys are names given by the caller: metrics, tags, headers, operations. */
const MAPS: ReadonlySet<string> = new Set(['tags', 'headers', 'thresholds', 'requests']);
const OBJECTS = PLACES.filter((path) => {
  const value = path.reduce<unknown>(
    (tree, key) => (tree as Record<string | number, unknown>)[key],
    everyOption(),
  );
  const own = OPAQUE.has(String(path.at(-1))) || MAPS.has(String(path.at(-1)));
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !own;
});

it('accepts the valid options that the tests change', () => {
  expect(outcomeOf(() => take(everyOption()))).toBeUndefined();
  expect(PLACES.length).toBeGreaterThan(90);
});

describe('options that are malformed', () => {
  it('are accepted, or refused with an EngineError, without each one of them', () => {
    const unexpected = PLACES.map((path) => {
      const options = everyOption();
      put(options, path, undefined);
      return { option: path.join('.'), error: outcomeOf(() => take(options)) };
    }).filter(({ error }) => error !== undefined && !(error instanceof EngineError));
    expect(unexpected).toEqual([]);
  });

  it('are accepted, or refused with an EngineError, for any value in one place', () => {
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
    'are refused with the name of an unknown member: %s',
    (_name, path) => {
      fc.assert(
        fc.property(
          fc.constantFrom('constructor', '__proto__', 'toString', 'valueOf', 'xyzzyxyzzy'),
          (member) => {
            const options = everyOption();
            put(options, [...path, member], 1);
            // Scenarios and outputs may have unknown properties of the caller.
            if (path.at(-2) === 'scenarios' || path.at(-2) === 'outputs') return;
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

  it('that are frozen are accepted', () => {
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
