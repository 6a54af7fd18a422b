/**
 * k6's own verdict as findings, which decide the verdict of the document, and as notes for the user.
 *
 * Must hold:
 * - A run that k6 failed fails: exit code 99 or 110, or a threshold that only k6 could read.
 * - A run of which nobody says how its thresholds ended is not valid, unless a failure is known already.
 * - Both functions get the same `K6Outcome`. An exit code tells the outcome of all thresholds.
 */
import type { Finding } from '@jarvis-load/engine/ingest';
import type { ResultNote, ThresholdResult } from '@jarvis-load/engine/result';
import type { UnreadableThreshold } from './unreadable-threshold.ts';
import type { K6Summary } from './k6-summary.ts';
import { listed } from './listed.ts';

/** Selection that k6 keeps in every run whose requests have this tag, with or without a threshold on it. */
export const ALWAYS_KEPT = 'http_req_duration{expected_response:true}';

/**
 * k6 declares a metric with its first sample: a threshold on one that stayed without leaves no line. Every script may have some,
 * and those that are in the output k6 judges by percentiles between two samples.
 */
const WITHOUT_SAMPLE = 'those on metrics without a sample, if the script has some';

/** k6's exit codes that are verdicts (its package errext/exitcodes). */
const THRESHOLDS_FAILED = 99;
const MARKED_AS_FAILED = 110;

/** Known facts about k6's own verdict. */
export interface K6Outcome {
  readonly fileName: string;
  /** k6's exit code, if known. */
  readonly exitCode: number | undefined;
  readonly summary: K6Summary | undefined;
  /** Selections named in the output. */
  readonly selections: readonly string[];
  readonly thresholds: readonly ThresholdResult[];
  readonly unreadable: readonly UnreadableThreshold[];
  /**
   * Requests have the tag of `ALWAYS_KEPT`, and the output declares their metric without that selection, which k6 itself declares:
   * another program wrote it, with the thresholds that it knows.
   */
  readonly declaredElsewhere?: boolean;
  /** The file does not say which thresholds the script has. */
  readonly untold: boolean;
  /** All thresholds of the script are among `thresholds` and `unreadable`. */
  readonly allTold?: boolean;
}

/** Findings from k6's own verdict. */
export function k6Findings(outcome: K6Outcome): Finding[] {
  const { exitCode, thresholds, unreadable } = outcome;
  const findings: Finding[] = unreadable
    .filter(({ ok }) => ok === false)
    .map(({ metric, expression }) => ({
      status: 'fail',
      code: 'threshold',
      text: `threshold ${metric}: ${expression} failed in k6`,
    }));
  const explained = findings.length > 0 || thresholds.some(({ status }) => status === 'fail');
  if (exitCode === THRESHOLDS_FAILED && !explained) {
    findings.push({
      status: 'fail',
      code: 'k6-thresholds',
      text: 'k6 ended with exit code 99: thresholds failed; which ones is not in its output',
    });
  }
  if (exitCode === MARKED_AS_FAILED) {
    findings.push({
      status: 'fail',
      code: 'k6-marked-failed',
      text: 'k6 ended with exit code 110: the script marked the test as failed',
    });
  }
  const untold = untoldThresholds(outcome);
  // A certain failure already decides the verdict, so the unknown outcome adds nothing.
  if (untold.length > 0 && !explained) {
    findings.push({
      status: 'not-valid',
      code: 'k6-outcome-unknown',
      text: `the outcome of thresholds of k6 is not known: ${listed(untold)}`,
    });
  }
  return findings;
}

/** The same as notes, with what the user can do. */
export function outcomeNotes(outcome: K6Outcome): ResultNote[] {
  const { fileName, summary } = outcome;
  const notes: ResultNote[] = [];
  if (summary?.judges === false) {
    notes.push({
      level: 'warning',
      code: 'k6-summary-without-thresholds',
      text:
        'The summary of k6 has no outcome of any threshold: its machine-readable form leaves them out. ' +
        'Its values are used; --summary-export without --new-machine-readable-summary has the outcomes, --k6-exit tells whether one failed.',
    });
  }
  const untold = untoldThresholds(outcome);
  const isSaid = outcome.untold && summary !== undefined;
  if (untold.length > 0 && !isSaid) {
    const always = untold.includes(ALWAYS_KEPT)
      ? ` (${ALWAYS_KEPT} in every run, so there may be no threshold on it)`
      : '';
    notes.push({
      level: 'warning',
      code: 'k6-outcome-unknown',
      text:
        (untold.includes(WITHOUT_SAMPLE)
          ? `A threshold on a metric without a sample leaves nothing in ${fileName}. `
          : outcome.untold
            ? `Which thresholds the script has is not in ${fileName}. `
            : `k6 keeps a selection only for a threshold${always}; its outcome is not in ${fileName}: ${listed(untold)}. `) +
        'Pass --summary=<file of k6 run --summary-export>, or --k6-exit=<exit code of k6>.',
    });
  }
  return notes;
}

/** Thresholds and selections whose outcome is neither in the samples nor reported by k6. */
function untoldThresholds(outcome: K6Outcome): string[] {
  const { exitCode, summary, selections, thresholds, unreadable } = outcome;
  if (exitCode !== undefined) return [];
  const allTold = outcome.allTold === true || summary?.judges === true;
  if (outcome.untold && !allTold) return ['those of the script'];
  const judged = new Set(thresholds.map(({ metric }) => metric));
  const named = allTold ? [] : selections.filter((name) => !judged.has(name));
  return [
    ...(allTold || outcome.declaredElsewhere === true || named.length > 0 ? named : [WITHOUT_SAMPLE]),
    ...unreadable
      .filter(({ ok }) => ok === undefined)
      .map(({ metric, expression }) => `${metric}: ${expression}`),
  ];
}
