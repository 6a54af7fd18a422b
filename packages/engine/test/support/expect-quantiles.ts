import { expect } from 'vitest';
import type { Truth } from './analytic.js';
import type { LatencyStats, RunResult } from '../../src/document/schema.ts';
import type { NumberedRun } from './numbered-run.ts';

/** Quantiles checked in the accuracy cases. */
const QUANTILES = [
  ['p50', 0.5],
  ['p90', 0.9],
  ['p95', 0.95],
  ['p99', 0.99],
  ['p99.9', 0.999],
] as const;

/** Three significant digits: the maximum relative width of a histogram bucket. */
const DIGITS = 0.001;
const MICROSECOND_MS = 0.001;
/** A loopback round trip, and the time from a response to the next line of scenario code. */
const TRANSIT_MS = 1;

/**
 * Checks the response times of a run against two records made outside the engine: they start at the intended start, and
 * end after the server has responded and before scenario code continues. Holds on any machine, however late it is.
 */
export function expectSandwiched({ result, atLeast, atMost }: NumberedRun): void {
  const { responseTime } = result.totals;
  // The origin of the schedule is known up to the smallest lag.
  const originMs = (result.health.pacerLag.minMs ?? 0) + 0.1;
  for (const [name, measuredMs, p] of quantilesOf(responseTime)) {
    expect(measuredMs, `${name} against the server's record`).toBeGreaterThanOrEqual(
      atLeast.quantile(p) * (1 - DIGITS) - MICROSECOND_MS,
    );
    expect(measuredMs, `${name} against the scenario's record`).toBeLessThanOrEqual(
      (atMost.quantile(p) + originMs) * (1 + DIGITS) + MICROSECOND_MS,
    );
  }
  expect(responseTime.meanMs).toBeGreaterThanOrEqual(atLeast.mean - MICROSECOND_MS);
  expect(responseTime.meanMs).toBeLessThanOrEqual(atMost.mean + originMs + MICROSECOND_MS);
}

/** With longer scheduling delays than this, the analytic result does not apply. */
const PUNCTUAL_MS = 30;

/**
 * Checks the response times of a run against the analytic result: never below it, and, on a punctual machine, above it
 * at most by the measured lateness.
 * @param truth `atLeast` holds on any machine; `atMost` only where the capacity has been measured
 * @param latenessMs of the pacer and of the server, as measured by themselves
 * @param stepMs of the schedule
 */
export function expectQuantiles(
  result: RunResult,
  truth: Truth,
  latenessMs: number,
  stepMs: number,
  atMost: Truth = truth,
): void {
  const { responseTime } = result.totals;
  const punctual = latenessMs <= PUNCTUAL_MS;
  for (const [name, measuredMs, p] of quantilesOf(responseTime)) {
    expect(measuredMs, `${name}, lateness ${latenessMs}`).toBeGreaterThanOrEqual(
      truth.quantile(p) * (1 - DIGITS) - MICROSECOND_MS - stepMs,
    );
    if (!punctual) continue;
    expect(measuredMs, `${name}, lateness ${latenessMs}`).toBeLessThanOrEqual(
      atMost.quantile(p) * (1 + DIGITS) + MICROSECOND_MS + stepMs + latenessMs + TRANSIT_MS,
    );
  }
  expect(responseTime.meanMs, 'mean').toBeGreaterThanOrEqual(truth.mean * (1 - DIGITS) - stepMs);
  if (punctual) {
    expect(responseTime.meanMs, 'mean').toBeLessThanOrEqual(atMost.mean + stepMs + latenessMs + TRANSIT_MS);
  }
}

function quantilesOf({ percentiles, maxMs }: LatencyStats): (readonly [string, number, number])[] {
  return [
    ...QUANTILES.map(([name, p]) => [name, percentiles[name] ?? Number.NaN, p] as const),
    ['max', maxMs ?? Number.NaN, 1],
  ];
}
