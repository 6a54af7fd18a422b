import { describe, expect, it } from 'vitest';
import type { GeneratorHealth, ThresholdResult } from '../src/document/schema.ts';
import { judgeRun } from '../src/result/verdict.ts';

const threshold = (status: ThresholdResult['status'], samples: number): ThresholdResult => ({
  metric: 'http_req_failed',
  expression: 'rate<0.01',
  scenario: null,
  status,
  measured: 0,
  limit: 0.01,
  unit: 'share',
  samples,
  samplesNeeded: 100,
  lowSamples: false,
  aborted: false,
});

function verdict(
  thresholds: readonly ThresholdResult[],
  options: { restated?: boolean; strict?: boolean } = {},
) {
  const { status, reasons } = judgeRun({
    end: { kind: 'completed' },
    requests: 40,
    retries: null,
    scenarios: [],
    requestsOf: new Map([['default', { requests: 40, ok: 40 }]]),
    thresholds,
    objectives: [],
    strict: false,
    restated: true,
    findings: [],
    withoutRequests: new Set(),
    maxDroppedShare: 0.01,
    notAwaited: [],
    unhandledErrors: 0,
    health: { generatorLimited: null, reasons: [], machine: null } as unknown as GeneratorHealth,
    ...options,
  });
  return [status, ...reasons.map(({ code }) => code)];
}

describe('a document that restates the verdict of another tool', () => {
  it('passes with the reason where nothing is proven, but 20 samples stand behind a promise', () => {
    expect(verdict([threshold('unproven', 3), threshold('unproven', 20)])).toEqual(['pass', 'unproven']);
  });

  it.each<[string, readonly ThresholdResult[], { restated?: boolean; strict?: boolean }]>([
    ['fewer samples stand behind each promise', [threshold('unproven', 19), threshold('unproven', 3)], {}],
    ['it is strict', [threshold('unproven', 40)], { strict: true }],
    ['the verdict is its own', [threshold('unproven', 40)], { restated: false }],
  ])('is not valid where nothing is proven and %s', (_, thresholds, options) => {
    expect(verdict(thresholds, options)).toEqual(['not-valid', 'unproven']);
  });

  it('fails where a promise failed, whatever is unproven', () => {
    expect(verdict([threshold('unproven', 40), threshold('fail', 40)])).toEqual([
      'fail',
      'threshold',
      'unproven',
    ]);
  });
});
