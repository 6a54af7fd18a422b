import { DEFAULT_TOLERANCES } from '@jarvis-load/compare';
import type { RunResult } from '@jarvis-load/engine/result';
import { notComparedSentence } from '@jarvis-load/reporter';
import { exitCode } from '../exit-codes.ts';
import { compareSides, noOther, without, type Outcome } from './compare-sides.ts';
import type { Side } from './read-side.ts';

/** A finished run and its baseline. */
export interface Compared {
  /** The baseline as the user named it. */
  readonly given: string;
  readonly outcome: Outcome;
  /** `--fail-on-worse`: the caller takes its exit code from `exitWithBaseline`, which is 97 for worse and 98 without a comparison. */
  readonly fails: boolean;
}

/**
 * Compares a finished run with its baseline, from which the run itself is left out. Runs that should not be compared give an outcome
 * with `obstacles` and no error; see `exitWithBaseline`.
 */
export function compareWithBaseline(result: RunResult, whole: Side, fails: boolean): Compared {
  const side: Side = { given: result.run.id, runs: [result], isCollection: false, notes: [] };
  const baseline = without(whole, side);
  const outcome: Outcome =
    baseline.runs.length === 0
      ? { obstacles: [noOther(whole, side)] }
      : compareSides(baseline, side, { tolerances: DEFAULT_TOLERANCES, force: false });
  return { given: whole.given, outcome, fails };
}

/**
 * The exit code with `--fail-on-worse`: that of the run if it did not pass, 97 if something is worse, 98 if there was no
 * comparison, because no data is never a pass.
 */
export function exitWithBaseline(exit: number, { comparison }: Outcome): number {
  if (exit !== exitCode('pass') || (comparison !== undefined && comparison.finding !== 'worse')) return exit;
  return exitCode(comparison === undefined ? 'not-valid' : 'worse');
}

/**
 * Why the exit code is not that of the run, in a sentence; undefined where it is.
 * @param exit of the run alone
 */
export function reasonOfExit(exit: number, { given, outcome, fails }: Compared): string | undefined {
  const whole = fails ? exitWithBaseline(exit, outcome) : exit;
  if (whole === exit) return undefined;
  const { comparison, obstacles } = outcome;
  const reason =
    comparison === undefined
      ? notComparedSentence({ baseline: given, obstacles })
      : `worse than the baseline ${given}`;
  return `exit code ${whole} by --fail-on-worse: ${reason}`;
}
