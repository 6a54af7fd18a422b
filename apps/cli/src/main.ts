/**
 * The entry of the program: gives commands what they need of the process, and turns their end into an exit code.
 *
 * Must hold:
 * - An error that ends the command is printed by `fail`, which redacts it.
 * - Every child process that makes or serves load is registered with `guardChild`: it is killed on every exit of this process but a
 *   SIGKILL.
 * - A signal decides the exit code, whatever the command returned. When the command is done, the process exits after both streams are
 *   flushed; the last resort of `Interruption` and errors that no code handles do not wait for that.
 */
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline/promises';
import { Redactor } from '@jarvis-load/engine';
import { CommanderError } from 'commander';
import { usageError } from './cli-error.ts';
import { COMMANDS } from './commands/index.ts';
import type { ProgramContext } from './commands/command.ts';
import { exitCode } from './exit-codes.ts';
import { readHelpRequest } from './help/help-request.ts';
import { Interrupted, Interruption, type StopSignal } from './run/interruption.ts';
import { watchParent } from './run/parent-watch.ts';
import { onStrayErrors } from './run/stray-errors.ts';
import { processKeyboard } from './screen/keyboard.ts';
import { helpOfFile } from './test-file/help-of-file.ts';
import { strayError } from './test-file/stray-error.ts';
import { buildProgram, fromCommander, type ProgramResult } from './program.ts';
import { describeError } from './describe-error.ts';

const argv = process.argv.slice(2);
const debug = argv.includes('--debug') || /^(1|true|yes|on)$/i.test(process.env['JARVIS_LOAD_DEBUG'] ?? '');
const children = new Set<number>();
const redactor = new Redactor();

const EXIT_OF_SIGNAL = { SIGINT: 'interrupted', SIGTERM: 'terminated', SIGHUP: 'hung-up' } as const;

function codeOf(signal: StopSignal): number {
  return exitCode(EXIT_OF_SIGNAL[signal]);
}

process.on('exit', () => {
  for (const pid of children) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // The child has already exited.
    }
  }
});

function fail(error: unknown): number {
  if (error instanceof Interrupted) {
    process.stderr.write(
      `interrupted by ${error.signal} before any load was sent; there is nothing to report\n`,
    );
    return codeOf(error.signal);
  }
  const shown = describeError(error, debug);
  process.stderr.write(`${redactor.text(shown.text)}\n`);
  return shown.exitCode;
}

onStrayErrors((error) => {
  // After the listener that closes the screen of a run: what is written on that screen is gone with it.
  process.on('exit', () => (process.exitCode = fail(strayError(error) ?? error)));
  process.exit();
});

// Ignore a closed output (`| head`: EPIPE; a closed terminal: EIO): reports are still written, and the exit code stays.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });

const interruption = new Interruption(process, (signal) => process.exit(codeOf(signal)));
watchParent(process.env, () => interruption.receive('SIGTERM'));

/** Without line editing of its own, so that Ctrl-C stays a signal. */
async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  // The end of the input (Ctrl-D) leaves a question without an answer.
  const closed = once(lines, 'close').then(() => {
    throw usageError(
      'no-answer',
      'the question has no answer; nothing was written',
      undefined,
      '--help lists the flags that answer it',
    );
  });
  closed.catch(() => undefined);
  try {
    return await interruption.race(Promise.race([lines.question(question), closed]));
  } finally {
    lines.close();
  }
}

const context: ProgramContext = {
  out: process.stdout,
  err: process.stderr,
  environment: process.env,
  cwd: process.cwd(),
  argv,
  interruption,
  keyboard: processKeyboard(
    () => process.stdin,
    () => interruption.receive('SIGINT'),
  ),
  ...(process.stdin.isTTY && process.stderr.isTTY ? { ask } : {}),
  redactor,
  input: () => process.stdin,
  guardChild(pid) {
    children.add(pid);
    return () => children.delete(pid);
  },
};

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
const result: ProgramResult = { exitCode: 0 };
try {
  const help = readHelpRequest(argv);
  if (help.unknown !== undefined)
    throw usageError('help-level', `--help=${help.unknown}: there is no such help`, '--help or --help=all');
  const program = buildProgram(COMMANDS, context, version, result, help.isFull);
  await program.parseAsync(help.argv, { from: 'user' });
} catch (error) {
  const own = error instanceof CommanderError ? fromCommander(error, COMMANDS, argv) : error;
  if (own !== undefined) result.exitCode = fail(own);
  else if (error instanceof CommanderError && error.code === 'commander.helpDisplayed')
    await helpOfFile(argv, context.cwd).then(
      (text) => void context.out.write(text),
      (reason: unknown) => (result.exitCode = fail(reason)),
    );
}
// A signal overrides the command's exit code; exit only after both streams are flushed.
process.exitCode = interruption.signal === undefined ? result.exitCode : codeOf(interruption.signal);
interruption.close();
process.stdout.write('', () => process.stderr.write('', () => process.exit()));
