import { formatCount, type ObjectiveResult, type Verdict } from '@jarvis-load/engine/result';

/** Status of a threshold or an objective. */
export type Status = ObjectiveResult['status'];

/** Symbol of each status, so that colour is not needed to tell them apart. */
export const STATUS_SYMBOLS: Readonly<Record<Status, string>> = {
  pass: '✓',
  fail: '✗',
  'machine-limited': '≈',
  unproven: '○',
  'no-data': '?',
  'not-measurable': '–',
};

/** Word of each status in HTML, Markdown and JUnit; tables of the terminal have shorter ones, `text/status-cell.ts`. */
export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  pass: 'pass',
  fail: 'fail',
  'machine-limited': 'limited by the machine',
  unproven: 'unproven',
  'no-data': 'no data',
  'not-measurable': 'not measurable with this profile',
};

/** Headline of each verdict. */
export const VERDICT_WORDS: Readonly<Record<Verdict['status'], string>> = {
  pass: 'PASS',
  fail: 'FAIL',
  'not-valid': 'NOT VALID',
};

/** Explanation of `unproven`, shown below a table that contains it. */
export const UNPROVEN_SENTENCE = `${STATUS_SYMBOLS.unproven} unproven: too few samples to judge.`;

/** Explanation of `machine-limited`, shown below a table that contains it. */
export const MACHINE_SENTENCE = `${STATUS_SYMBOLS['machine-limited']} limited by the machine: it failed, but waiting for a processor may have caused it.`;

/** Number of samples of an unproven objective or threshold, and how many it needs. */
export function samplesRemark(samples: number, needed: number | null): string {
  return needed === null
    ? `only ${formatCount(samples)} samples`
    : `${formatCount(samples)} of ${formatCount(needed)} samples needed`;
}

/** Prefix of a percentile with few samples. */
export const LOW_SAMPLES_MARK = '~';

/** Explanation of {@link LOW_SAMPLES_MARK}. */
export const LOW_SAMPLES_SENTENCE = '~ low samples: fewer than 10 lie beyond this percentile.';
