import { namedReasonOf, type Redactor } from '@jarvis-load/engine';
import type { RunResult } from '@jarvis-load/engine/result';
import { CliError } from '../cli-error.ts';
import type { Progress } from '../output/progress.ts';
import { shownText } from '../secrets/shown-text.ts';
import type { RunRequest } from './prepare-run.ts';

/** Calls what the suite does after a run. What it throws becomes a warning: the verdict stays. */
export async function afterRun(
  result: RunResult,
  { tests, target }: Pick<RunRequest, 'tests' | 'target'>,
  progress: Pick<Progress, 'warn'>,
  redactor: Redactor,
): Promise<void> {
  try {
    await tests.suite.afterRun?.(result, { runId: result.run.id, baseUrl: target.baseUrl });
  } catch (error) {
    const text = error instanceof CliError ? error.message : namedReasonOf(error);
    progress.warn(`warning: ${shownText(text, redactor)}`);
  }
}
