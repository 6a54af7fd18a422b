import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunResult } from '@jarvis-load/engine/result';
import { parseResult } from '@jarvis-load/reporter';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../commands/command.ts';
import { exitCode } from '../exit-codes.ts';
import { LOAD_FLAGS } from '../options/load-flags.ts';
import { locateRun } from '../results/locate-run.ts';
import { Interrupted } from '../run/interruption.ts';
import { REPEATED_VARIABLE } from '../run/repeated-run.ts';
import { describeCommand } from '../secrets/command-line.ts';
import { shownText } from '../secrets/shown-text.ts';

const PROGRAM = fileURLToPath(new URL('../main.js', import.meta.url));
/** Last part of the standard error of a run, kept for the message of a failure. */
const MOST_KEPT = 2000;

/**
 * Runs `load` in a process of its own, so that no run inherits the memory and compiled code of the one before.
 *
 * Must hold: one run at a time in a directory, since the result is found by its `latest`.
 *
 * @throws Interrupted after a signal; CliError if there is no result; ReporterError for one that cannot be read; the error of the system
 * if the process cannot start
 */
export async function runLoad(
  flags: readonly string[],
  directory: string,
  context: CommandContext,
): Promise<RunResult> {
  const { interruption } = context;
  const words = [PROGRAM, 'load', ...flags, '--quiet', `--report-dir=${directory}`];
  const child = spawn(process.execPath, words, {
    cwd: context.cwd,
    // Annotations of the pipeline are for the comparison, not for each run.
    env: { ...context.environment, GITHUB_ACTIONS: undefined, [REPEATED_VARIABLE]: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = `${said}${text}`.slice(-MOST_KEPT)));
  const release = child.pid === undefined ? undefined : context.guardChild(child.pid);
  const off = interruption.onStop((signal, now) => void child.kill(now ? 'SIGKILL' : signal));
  try {
    const exit = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject).once('close', resolve);
    });
    if (interruption.signal !== undefined) throw new Interrupted(interruption.signal);
    if (exit !== null && wroteDocument(exit)) {
      // Also where links are not supported, and `latest` is a text file.
      const path = locateRun(join(directory, 'latest'), context.cwd);
      return parseResult(readFileSync(path, 'utf8'), path);
    }
    throw new CliError({
      exit: exit === 3 ? 'unreachable' : exit === 4 ? 'not-allowed' : 'usage',
      code: 'repeat-run',
      problem: `a repeated load ended with exit code ${exit}:\n${shownText(said, context.redactor).trim()}`,
      next: describeCommand(['load', ...flags], LOAD_FLAGS, context.redactor),
    });
  } finally {
    off();
    release?.();
  }
}

/** Whether `load` ends with this code after it has written a document, as it does of a run that is worse than its baseline. */
export function wroteDocument(exit: number): boolean {
  return (['pass', 'worse', 'not-valid', 'failed'] as const).some((name) => exitCode(name) === exit);
}
