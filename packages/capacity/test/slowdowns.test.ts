import { expect, it } from 'vitest';
import { type CapacityRound, type CapacityStep, type StepFigures } from '../src/index.ts';
import { reportOf } from './support/report-of.ts';

const step = (number: number, p50Ms: number, change: Partial<CapacityStep> = {}): CapacityStep => ({
  step: number,
  attempt: 1,
  level: 50,
  purpose: 'climb',
  durationMs: 1000,
  status: 'pass',
  reasons: [],
  unproven: [],
  figures: { p50Ms } as StepFigures,
  recovered: true,
  runId: null,
  startedAt: null,
  ...change,
});

function notesOf(rounds: readonly CapacityRound[]): string {
  const report = reportOf(rounds);
  return report.notes.filter((note) => note.includes('slower')).join('\n');
}

it.each<[string, (readonly CapacityStep[])[], string]>([
  [
    'within one search by the step',
    [[step(1, 10), step(2, 12), step(3, 20)]],
    'the target became slower with time: at 50/s p50 was 10.0 ms in step 1 and 20.0 ms in step 3',
  ],
  [
    'over several searches by the step and the search, as each numbers its steps from 1',
    [[step(1, 10)], [step(1, 20)]],
    'the target became slower with time: at 50/s p50 was 10.0 ms in step 1 of search 1 and 20.0 ms in step 1 of search 2',
  ],
  ['not below half as much again', [[step(1, 100), step(2, 149)]], ''],
  ['not below 5 ms', [[step(1, 2), step(2, 6.9)]], ''],
  ['not at another level', [[step(1, 10), step(2, 20, { level: 60 })]], ''],
  ['not by a busy machine', [[step(1, 10), step(2, 20, { status: 'busy' })]], ''],
])('a slowdown is told %s', (_, rounds, note) => {
  expect(notesOf(rounds.map((steps) => ({ answer: null, steps })))).toBe(note);
});
