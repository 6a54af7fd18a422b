import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../commands/command.ts';
import { formatDuration } from '../options/duration.ts';
import type { CliSuite } from '../suites/cli-suite.ts';

/**
 * Calls what the suite does before a run, for at most `limitMs`: a promise that never settles would hang the command, or end it
 * without a word where nothing else keeps Node running.
 * @throws CliError exit 2; what the suite throws; Interrupted after a signal
 */
export async function beforeRun(
  suite: CliSuite,
  run: Parameters<NonNullable<CliSuite['beforeRun']>>[0],
  limitMs: number,
  { interruption }: Pick<CommandContext, 'interruption'>,
): Promise<void> {
  if (suite.beforeRun === undefined) return;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new CliError({
            exit: 'usage',
            code: 'before-run-timeout',
            problem: `beforeRun did not end within ${formatDuration(limitMs)}`,
            expected: 'a promise that settles once the target is ready',
            next: 'give it more time with --setup-timeout',
          }),
        ),
      limitMs,
    );
  });
  try {
    await interruption.race(Promise.race([suite.beforeRun(run), late]));
  } finally {
    clearTimeout(timer);
  }
}
