import { describe, expect, it } from 'vitest';
import { EngineError } from '../src/errors.ts';
import { startLoad } from '../src/coordination/load.ts';
import type { ScenarioDefinition } from '../src/model/scenario.ts';

const scenario: ScenarioDefinition = {
  name: 'chat',
  operations: [{ name: 'ask', method: 'GET', route: '/ask' }],
  executor: { kind: 'per-vu-iterations' },
  run: () => Promise.resolve(),
};

/** The error for options that a caller without types may pass. */
function refusal(options: object): EngineError {
  try {
    startLoad({
      baseUrl: 'http://127.0.0.1:1',
      scenarios: [scenario],
      warmUp: false,
      ...options,
    });
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error('the options were taken');
}

describe('an option of a run that cannot be used', () => {
  it.each<[object, RegExp]>([
    [{ baseUrl: undefined }, /baseUrl is missing; expected a URL such as/],
    [{ baseUrl: '127.0.0.1:8100' }, /baseUrl/],
    [
      { baseUrl: 'http://ada:word@x y/?key=word' },
      /^baseUrl is '\*\*\*@x y\/'; expected a URL such as [^?@]*$/,
    ],
    [{ scenarios: undefined }, /scenarios is missing; expected a list/],
    [{ scenarios: 'chat' }, /scenarios is 'chat'/],
    [{ threads: 0 }, /threads is 0; expected a whole number from 1/],
    [{ threads: 2 }, /threads is 2, but scenarios are given inline/],
    [{ seed: 1.5 }, /seed is 1\.5; expected a whole number/],
    [{ part: { index: 5, of: 5 } }, /part\.index is 5; expected a whole number from 0 to 4/],
    [{ part: { index: -1, of: 5 } }, /part\.index is -1; expected a whole number from 0 to 4/],
    [{ part: { index: 0.5, of: 5 } }, /part\.index is 0\.5; expected a whole number/],
    [{ part: { index: 0, of: 0 } }, /part\.of is 0; expected a whole number from 1/],
    [{ part: { of: 5 } }, /part\.index is missing/],
    [{ timeouts: { requestMs: 0 } }, /timeouts\.requestMs is 0/],
    [
      { timeouts: { requestMs: Number.POSITIVE_INFINITY } },
      /timeouts\.requestMs is Infinity; expected milliseconds/,
    ],
    [{ timeouts: { connectMs: -1 } }, /timeouts\.connectMs is -1/],
    [{ timeouts: { headersMs: '5s' } }, /timeouts\.headersMs is '5s'/],
    [{ timeouts: { bodyMs: 0 } }, /timeouts\.bodyMs is 0/],
    [{ maxBodyBytes: 0 }, /maxBodyBytes is 0/],
    [{ maxConnections: -3 }, /maxConnections is -3/],
    [{ pacing: 'exact' }, /pacing is 'exact'; expected one of 'efficient', 'precise'/],
    [{ connections: 'per_user' }, /connections is 'per_user'; .*Did you mean 'per-user'\?/],
    [{ circuitBreaker: { failureShare: 90 } }, /circuitBreaker\.failureShare is 90; expected a share/],
    [{ circuitBreaker: { forMs: 0 } }, /circuitBreaker\.forMs is 0/],
    [{ circuitBreaker: { minRequests: -1 } }, /circuitBreaker\.minRequests is -1/],
    [{ treshholds: {} }, /unknown run option 'treshholds'\. Did you mean 'thresholds'\?/],
    [{ onevent: () => undefined }, /Did you mean 'onEvent'/],
  ])('is named, with its value and what was expected: %j', (options, message) => {
    expect(refusal(options)).toMatchObject({
      code: 'invalid-option',
      message: expect.stringMatching(message) as string,
    });
  });
});

describe('a scenario that cannot be run', () => {
  it.each<[object, RegExp]>([
    [{ name: '' }, /^scenario 1: name is ''; expected a non-empty string/],
    [{ run: undefined }, /neither run nor tasks/],
    [{ run: undefined, tasks: [] }, /tasks is \[\]; expected a list of at least one task/],
    [{ tasks: [{ name: 'a', weight: 1, run: scenario.run }] }, /both run and tasks/],
    [
      { run: undefined, tasks: [{ name: 'a', weight: 0, run: scenario.run }] },
      /tasks\[0\]\.weight is 0; expected a number above 0/,
    ],
    [{ executor: undefined }, /has no executor/],
    [{ operations: undefined }, /operations is missing; expected a list/],
    [{ operations: [...scenario.operations, ...scenario.operations] }, /declares operation "ask" twice/],
    [{ operations: [{ ...scenario.operations[0], maxPerSecond: 0 }] }, /operations\[0\]\.maxPerSecond is 0/],
    [
      { metrics: [{ name: 'words', kind: 'histogram' }] },
      /metrics\[0\]\.kind is 'histogram'; expected one of 'counter'/,
    ],
    [
      {
        metrics: [
          { name: 'w', kind: 'trend' },
          { name: 'w', kind: 'rate' },
        ],
      },
      /declares metric "w" twice/,
    ],
    [{ metrics: [{ name: 'http_reqs', kind: 'counter' }] }, /the name of a built-in metric/],
    [{ onstart: () => Promise.resolve() }, /unknown part of a scenario 'onstart'\. Did you mean 'onStart'\?/],
    [{ wait: { kind: 'betwen', min: 1, max: 2 } }, /wait\.kind is 'betwen'; .*Did you mean 'between'/],
    [{ wait: { kind: 'between', min: 3, max: 1 } }, /wait\.min is 3; expected at most max, which is 1/],
    [{ wait: { kind: 'constant', seconds: '2s' } }, /wait\.seconds is '2s'/],
    [
      { wait: { kind: 'constant-throughput', perSecond: 0 } },
      /wait\.perSecond is 0; expected a number above 0/,
    ],
  ])('is refused by name: %j', (parts, message) => {
    expect(refusal({ scenarios: [{ ...scenario, ...parts }] })).toMatchObject({
      code: 'invalid-scenario',
      message: expect.stringMatching(message) as string,
    });
  });

  it.each<[string, unknown, RegExp]>([
    ['none', [], /scenarios is empty/],
    ['two of one name', [scenario, scenario], /two scenarios are named "chat"/],
    ['something else', [undefined], /scenario 1 is undefined/],
  ])('is refused: %s', (_what, scenarios, message) => {
    expect(refusal({ scenarios })).toMatchObject({ message: expect.stringMatching(message) as string });
  });

  it('may keep things of its own', () => {
    const run = startLoad({
      baseUrl: 'http://127.0.0.1:1',
      warmUp: false,
      scenarios: [{ ...scenario, needs: 'voice' } as ScenarioDefinition],
    });
    run.abort('enough');
    return expect(run.result).resolves.toMatchObject({ run: { end: { kind: 'aborted' } } });
  });
});

describe('a threshold that cannot be judged', () => {
  it.each<[object, RegExp]>([
    [{ http_req_durations: ['p(95)<500'] }, /http_req_duration/],
    [{ http_req_duration: ['p(95)<'] }, /p\(95\)</],
    [{ http_req_duration: ['rate<0.1'] }, /a trend has no rate/],
    [
      { 'http_req_duration{operation:aks}': ['p(95)<500'] },
      /there is no operation "aks".*Did you mean 'ask'/,
    ],
    [{ 'http_reqs{step:1}': ['count>1'] }, /has no tag "step"/],
  ])('is refused before the run: %j', (thresholds, message) => {
    expect(refusal({ thresholds })).toMatchObject({
      code: 'invalid-threshold',
      message: expect.stringMatching(message) as string,
    });
  });
});
