import { describe, expect, it } from 'vitest';
import { upgradeResult } from '../src/result/index.ts';

const iterations = (interrupted: number) => ({
  planned: 7,
  completed: 7 - interrupted,
  failed: 0,
  interrupted,
});
const scenario = (kind: string, interrupted: number) => ({
  name: kind,
  executor: { kind },
  model: 'closed',
  iterations: iterations(interrupted),
});
function upgraded(engine: string, scenarios: readonly ReturnType<typeof scenario>[]) {
  const sum = scenarios.reduce((total, each) => total + each.iterations.interrupted, 0);
  return upgradeResult({
    schemaVersion: 1,
    generator: { engine },
    run: {},
    scenarios,
    iterations: iterations(sum),
    totals: { requests: 7, retries: 0, bytesSent: 100 },
    operations: [{ requests: 7, retries: 0, bytesSent: 0 }],
  }) as {
    totals: unknown;
    operations: unknown;
    iterations: { interrupted: number | null };
    scenarios: { iterations: { interrupted: number | null } }[];
  };
}

describe('upgradeResult', () => {
  it('has no retries and no interrupted iterations of a k6 file of version 1, which had 0 for them', () => {
    const { totals, operations, ...rest } = upgraded('k6', [scenario('unknown', 0)]);
    expect(totals).toMatchObject({ retries: null, bytesSent: 100 });
    expect(operations).toMatchObject([{ retries: null, bytesSent: null }]);
    expect(rest.iterations.interrupted).toBeNull();
    expect(rest.scenarios[0]!.iterations.interrupted).toBeNull();
  });

  it.each([
    ['a k6 run that counted interrupted iterations', 'k6', scenario('unknown', 2), 2],
    ['a k6 run that was planned here', 'k6', scenario('constant-vus', 0), 0],
    ['a native run', 'native', scenario('constant-vus', 0), 0],
  ])('keeps what was known of %s', (_, engine, one, interrupted) => {
    const document = upgraded(engine, [one]);
    expect(document.iterations.interrupted).toBe(interrupted);
    expect(document.scenarios[0]!.iterations.interrupted).toBe(interrupted);
  });
});
