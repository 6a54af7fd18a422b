import { describe, expect, it } from 'vitest';
import { isUnproven, type CapacityRound, type StepOutcome } from '../src/index.ts';
import { reportOf } from './support/report-of.ts';
import { outcome } from './models.ts';

const HELD = { name: 'threshold http_req_failed', measured: '0%', limit: '1%' };

const FIGURES: NonNullable<StepOutcome['figures']> = {
  offeredPerSecond: 5,
  iterationsPerSecond: 5,
  requestsPerSecond: 5,
  goodPerSecond: 5,
  failureShare: 0,
  rateLimitedShare: 0,
  droppedShare: 0,
  p50Ms: 1,
  p95Ms: 1,
  p99Ms: 1,
  meanMs: 1,
  inFlight: 1,
};

function round(more: Partial<StepOutcome>): CapacityRound {
  const step = { step: 1, attempt: 1, level: 5, durationMs: 5000 } as const;
  return {
    answer: { kind: 'at-least', level: 5, confirmedMs: 5000, limit: 'asked', above: null },
    steps: [
      { ...step, purpose: 'climb', ...outcome('pass', { unproven: ['p99 of the climb'] }) },
      { ...step, step: 2, purpose: 'confirm', ...outcome('pass', more) },
    ],
  };
}

const notesOf = (rounds: readonly CapacityRound[]): readonly string[] => reportOf(rounds).notes;

describe('the run that confirms an answer', () => {
  it('is named where it could not judge a promise', () => {
    expect(notesOf([round({ unproven: ['a', 'b', 'c', 'd'], tightest: HELD })])).toEqual([
      'too few samples in the run that confirms the answer to judge a, b, c and 1 more: a longer --confirm takes more',
    ]);
    expect(notesOf([round({ tightest: HELD })])).toEqual([]);
  });

  it('is named where a promise had no data: the answer proves nothing', () => {
    expect(notesOf([round({ withoutData: ['a'], tightest: HELD })])).toEqual([
      'the run that confirms the answer has no data for a: it proves nothing',
    ]);
  });

  it('is named where it was short for a target whose response times differ between its parts', () => {
    const found = (meanError?: number): CapacityRound => ({
      ...round({
        tightest: HELD,
        figures: { ...FIGURES, ...(meanError === undefined ? {} : { meanError }) },
      }),
      answer: {
        kind: 'found',
        level: 5,
        confirmedMs: 5000,
        failed: { level: 6, broken: null, reason: 'slow' },
      },
    });
    expect(notesOf([found(0.17)])).toEqual([
      expect.stringMatching(
        /^the run that confirms the answer is short for this target: .* 17% only .*--repeat$/,
      ),
    ]);
    for (const error of [0.1, 0.02, undefined]) expect(notesOf([found(error)])).toEqual([]);
    expect(notesOf([{ ...found(0.17), answer: round({}).answer }])).toEqual([]);
  });

  it('proves nothing where it could judge none', () => {
    expect(isUnproven(round({ unproven: ['a'] }))).toBe(true);
    expect(isUnproven(round({ unproven: ['a'], tightest: HELD }))).toBe(false);
    expect(isUnproven(round({ tightest: HELD }))).toBe(false);
    expect(isUnproven({ answer: null, steps: [] })).toBe(false);
  });
});
