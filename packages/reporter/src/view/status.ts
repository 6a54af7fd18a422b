import { formatCount, type ObjectiveResult, type Verdict } from '@jarvis-load/engine/result';

/** State of a threshold or an objective. */
export type Status = ObjectiveResult['status'];

/** A sign per state, so that colour is never needed to tell them apart. */
export const STATUS_SYMBOLS: Readonly<Record<Status, string>> = {
  pass: '✓',
  fail: '✗',
  'machine-limited': '≈',
  unproven: '○',
  'no-data': '?',
  'not-measurable': '–',
};

/** The words of a state. */
export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  pass: 'pass',
  fail: 'fail',
  'machine-limited': 'limited by the machine',
  unproven: 'unproven',
  'no-data': 'no data',
  'not-measurable': 'not measurable with this profile',
};

/** The headline word of a run. */
export const VERDICT_WORDS: Readonly<Record<Verdict['status'], string>> = {
  pass: 'PASS',
  fail: 'FAIL',
  'not-valid': 'NOT VALID',
};

/** What `unproven` means, below a table that has it. */
export const UNPROVEN_SENTENCE = `${STATUS_SYMBOLS.unproven} unproven: too few samples to say, whatever they measured.`;

/** What `machine-limited` means, below a table that has it. */
export const MACHINE_SENTENCE = `${STATUS_SYMBOLS['machine-limited']} limited by the machine: it failed, but waiting for a processor can have made it fail.`;

/** How far an unproven promise is from being proven. */
export function samplesRemark(samples: number, needed: number | null): string {
  return needed === null
    ? `only ${formatCount(samples)} samples`
    : `${formatCount(samples)} of ${formatCount(needed)} samples needed`;
}

/** Stands before a percentile that few samples carry. */
export const LOW_SAMPLES_MARK = '~';

/** What {@link LOW_SAMPLES_MARK} means. */
export const LOW_SAMPLES_SENTENCE = '~ low samples: fewer than 10 lie beyond this percentile.';
