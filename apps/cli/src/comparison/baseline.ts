import { join } from 'node:path';
import { DEFAULT_TOLERANCES } from '@jarvis-load/compare';
import type { RunResult } from '@jarvis-load/engine/result';
import type { CommandContext } from '../commands/command.ts';
import { exitCode } from '../exit-codes.ts';
import { clean } from '../output/clean-text.ts';
import { writeViews } from '../results/run-directory.ts';
import { writeFailure } from '../results/write-failure.ts';
import { compareSides } from './compare-sides.ts';
import type { Side } from './read-side.ts';
import { comparisonText, comparisonViews } from './write-comparison.ts';

/** What a comparison with the baseline says about the exit code. */
export type BaselineOutcome = 'worse' | 'not-worse' | 'not-compared';

/**
 * Compares a finished run with its baseline: prints the comparison below the summary, and writes it into the run's folder.
 * Runs that should not be compared are told as a warning: the run itself is judged all the same.
 */
export function compareWithBaseline(
  result: RunResult,
  baseline: Side,
  reportDirectory: string,
  context: CommandContext,
): BaselineOutcome {
  const side: Side = { given: result.run.id, runs: [result], isCollection: false, notes: [] };
  const { comparison, obstacles } = compareSides(baseline, side, {
    tolerances: DEFAULT_TOLERANCES,
    force: false,
  });
  if (comparison === undefined) {
    const reasons = obstacles.map(({ text }) => clean(text)).join('; ');
    context.err.write(`warning: not compared with the baseline ${clean(baseline.given)}: ${reasons}\n`);
    return 'not-compared';
  }
  context.out.write(comparisonText(comparison, 'text', context));
  try {
    writeViews(join(reportDirectory, result.run.id), comparisonViews(comparison));
  } catch (cause) {
    throw writeFailure(
      'the comparison',
      reportDirectory,
      cause,
      'make room there, or use jarvis-load compare',
    );
  }
  return comparison.finding === 'worse' ? 'worse' : 'not-worse';
}

/**
 * The exit code with `--fail-on-worse`: that of the run if it did not pass, 97 if something is worse, 98 if there was no
 * comparison, because no data is never a pass.
 */
export function exitWithBaseline(exit: number, outcome: BaselineOutcome): number {
  if (exit !== exitCode('pass') || outcome === 'not-worse') return exit;
  return exitCode(outcome === 'worse' ? 'worse' : 'not-valid');
}
