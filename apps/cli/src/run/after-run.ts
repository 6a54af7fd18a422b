import { namedReasonOf } from '@jarvis-load/engine/show';
import type { RunResult } from '@jarvis-load/engine/result';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../commands/command.ts';
import { formatDuration } from '../options/duration.ts';
import type { Progress } from '../output/progress.ts';
import { shownText } from '../secrets/shown-text.ts';
import type { RunRequest } from './prepare-run.ts';

/** Most time for what a suite does after a run, such as a message to a chat server. */
const LIMIT_MS = 30_000;
/** After a signal, which ends the process in 4.8 s at the latest. */
const LIMIT_AFTER_SIGNAL_MS = 800;

/**
 * Calls what the suite does after a run. What it throws becomes a warning: the verdict stays. One that does not end is left alone
 * after 30 s, or 0.8 s after a signal.
 *
 * Must hold: the caller has written the document, if it writes one.
 */
export async function afterRun(
  result: RunResult,
  { tests, target }: Pick<RunRequest, 'tests' | 'target'>,
  progress: Pick<Progress, 'warn'>,
  { redactor, interruption }: Pick<CommandContext, 'redactor' | 'interruption'>,
): Promise<void> {
  const { suite } = tests;
  if (suite.afterRun === undefined) return;
  const limit = { timer: undefined as NodeJS.Timeout | undefined };
  let off: (() => void) | undefined;
  try {
    const late = new Promise<never>((_, reject) => {
      const endIn = (ms: number): void => {
        clearTimeout(limit.timer);
        limit.timer = setTimeout(
          () =>
            reject(
              new Error(`afterRun did not end within ${formatDuration(ms)}; the run does not wait for it`),
            ),
          ms,
        );
      };
      endIn(LIMIT_MS);
      off = interruption.onStop(() => endIn(LIMIT_AFTER_SIGNAL_MS));
    });
    late.catch(() => undefined);
    await Promise.race([suite.afterRun(result, { runId: result.run.id, baseUrl: target.baseUrl }), late]);
  } catch (error) {
    const text = error instanceof CliError ? error.message : namedReasonOf(error);
    progress.warn(`warning: ${shownText(text, redactor)}`);
  } finally {
    off?.();
    clearTimeout(limit.timer);
  }
}
