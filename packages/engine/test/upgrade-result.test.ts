import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RESULT_SCHEMA_VERSION } from '../src/document/document-format.ts';
import { OLDEST_READABLE_VERSION, upgradeResult } from '../src/result/index.ts';

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

  it.each(['scenarios', 'operations', 'errors', 'health'])(
    'invents no %s for a k6 file of version 1 that has none',
    (missing) => {
      const document = {
        schemaVersion: 1,
        generator: { engine: 'k6' },
        run: {},
        scenarios: [],
        operations: [],
      };
      const { [missing]: _, ...rest } = { ...document, errors: [], health: {} } as Record<string, unknown>;
      expect(upgradeResult(rest)[missing]).toBeUndefined();
      expect(upgradeResult({ ...rest, [missing]: 'text' })[missing]).toBe('text');
    },
  );

  it('has a step for every version that is still read', () => {
    for (let schemaVersion = OLDEST_READABLE_VERSION; schemaVersion < RESULT_SCHEMA_VERSION; schemaVersion++)
      expect(upgradeResult({ schemaVersion })['schemaVersion']).toBe(RESULT_SCHEMA_VERSION);
  });

  it('returns a newer version, and one that was never written, unchanged', () => {
    for (const schemaVersion of [RESULT_SCHEMA_VERSION + 1, OLDEST_READABLE_VERSION - 1, 1.5, '1', null]) {
      const document = { schemaVersion, run: {} };
      expect(upgradeResult(document)).toBe(document);
    }
  });

  it('does not throw, whatever a document of version 1 holds: the schema names what is wrong', () => {
    const parts = fc.record({
      run: fc.jsonValue(),
      scenarios: fc.oneof(fc.jsonValue(), fc.array(fc.jsonValue())),
      iterations: fc.jsonValue(),
      totals: fc.jsonValue(),
      operations: fc.oneof(fc.jsonValue(), fc.array(fc.jsonValue())),
      errors: fc.oneof(fc.constant([null]), fc.array(fc.jsonValue()), fc.jsonValue()),
      health: fc.jsonValue(),
      series: fc.jsonValue(),
      thresholds: fc.jsonValue(),
      objectives: fc.jsonValue(),
    });
    fc.assert(
      fc.property(parts, (rest) => {
        upgradeResult({ schemaVersion: 1, generator: { engine: 'k6' }, ...rest });
      }),
      { numRuns: 40 },
    );
  });
});
