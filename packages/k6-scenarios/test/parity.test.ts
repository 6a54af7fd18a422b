import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMock, type RunningMock } from '@jarvis-load/mock-jarvis';
import {
  checksOf,
  outcomesByOperation,
  runInRealK6,
  runNative,
  type Setting,
} from '../bench/support/engines.js';
import { k6 } from './support/run-in-k6.ts';

/** Short form of bench/parity.js, whose table is docs/reference/parity.md. */
describe.skipIf(k6 === undefined)('the same scenario on the native engine and in k6', () => {
  let mock: RunningMock;
  beforeAll(async () => {
    mock = await startMock({
      preset: 'fast',
      config: { latency: { default: { kind: 'constant', ms: 30 } } },
    });
  });
  afterAll(() => mock.close());

  const both = async (setting: Omit<Setting, 'baseUrl' | 'runId' | 'requestTimeoutMs'>) => {
    const common = { ...setting, baseUrl: mock.url, requestTimeoutMs: 10_000 };
    const name = setting.scenario;
    return Promise.all([
      runNative({ ...common, runId: `${name}-native` }),
      runInRealK6({ ...common, runId: `${name}-k6` }, k6!),
    ]);
  };

  it.concurrent.each([
    ['chat', 4, 1],
    // Weighted tasks: with the same seed, each user draws the same tasks in both engines.
    ['chat-user', 6, 4],
    ['voice', 2, 1],
  ] as const)('%s: equal counts and checks with per-vu-iterations', async (scenario, vus, iterations) => {
    const executor = { kind: 'per-vu-iterations', vus, iterations } as const;
    const [native, inK6] = await both({ scenario, executor, seed: 11 });
    expect(outcomesByOperation(inK6)).toEqual(outcomesByOperation(native));
    expect(checksOf(inK6)).toEqual(checksOf(native));
    expect(inK6.iterations).toEqual(native.iterations);
    expect(inK6.iterations.completed).toBe(vus * iterations);
  });
});
