import type { RunResult } from '@jarvis-load/engine/result';
import { expect, it } from 'vitest';
import { overviewChart } from '../src/html/sections/over-time.ts';
import { stageBands } from '../src/html/sections/stage-bands.ts';
import { describeLoadChanges, loadChanges } from '../src/view/load-changes.ts';
import { runResult } from './fixtures/run-result.ts';

/** A run of two scenarios in stages, whose load was changed. */
function changed(steering: NonNullable<RunResult['steering']>, executor: Record<string, unknown>): RunResult {
  const run = runResult();
  const [scenario] = run.scenarios;
  return {
    ...run,
    scenarios: ['a', 'b'].map((name) => ({ ...scenario!, name, executor })),
    steering,
  };
}

const stages = [
  { durationMs: 10_000, target: 5 },
  { durationMs: 20_000, target: 5 },
];

it('adds up the users of all scenarios that were set together', () => {
  const run = changed(
    [
      { atMs: 12_300, scenario: 'a', users: 6 },
      { atMs: 12_301, scenario: 'b', users: 4 },
      { atMs: 15_000, scenario: 'a', users: 8, perSecond: 2 },
    ],
    { kind: 'ramping-vus', stages },
  );
  expect(loadChanges(run).map(({ text }) => text)).toEqual(['10 users', '12 users, 2/s']);
  expect(describeLoadChanges(run)).toBe(
    'The load was changed while the run was on: 10 users at 12 s; 12 users, 2/s at 15 s.',
  );
  // The plan ended there.
  expect(stageBands(run).map(({ toSeconds }) => toSeconds)).toEqual([10, 12.3]);
  expect(overviewChart(run)?.caption).toContain('10 users at 12 s');
});

it('tells the rate of all scenarios that take turns', () => {
  const steering = ['a', 'b'].map((scenario) => ({ atMs: 3000, scenario, rate: 40 }));
  const run = changed(steering, { timeUnitMs: 2000, turn: { index: 0, of: 2 } });
  expect(describeLoadChanges(run)).toBe('The load was changed while the run was on: 40 iterations/s at 3 s.');
});

it('names stages by the rate of the run, of which each scenario has a turn', () => {
  const executor = {
    kind: 'ramping-arrival-rate',
    startRate: 0,
    timeUnitMs: 2000,
    turn: { index: 0, of: 2 },
  };
  const run = changed([], { ...executor, stages });
  expect(stageBands(run).map(({ label }) => label)).toEqual(['to 5/s', 'hold 5/s']);
  const [first, ...others] = run.scenarios;
  const mixed = [{ ...first!, executor: { kind: 'ramping-vus', startVUs: 0, stages } }, ...others];
  expect(stageBands({ ...run, scenarios: mixed })).toEqual([]);
});

it('is short for many changes, and silent without any', () => {
  const many = Array.from({ length: 30 }, (_, second) => ({
    atMs: second * 1000,
    scenario: 'a',
    users: second,
  }));
  expect(describeLoadChanges(changed(many, {}))).toMatch(/4 users at 4 s; and 25 more times\.$/);
  expect(describeLoadChanges(runResult())).toBe('');
});
