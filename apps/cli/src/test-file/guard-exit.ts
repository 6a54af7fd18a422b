import { fileInStack, remember } from './stray-error.ts';
import type { CompiledFile } from './compile-file.ts';

let isGuarded = false;

/**
 * Makes `process.exit` throw where code of this or another remembered test file calls it: it would end the program with the exit
 * code of a passed run, and without a report. Other callers end the process as before. It stays so until this thread ends.
 */
export function guardExit(file: CompiledFile): void {
  remember(file);
  if (isGuarded) return;
  isGuarded = true;
  const exit = process.exit.bind(process);
  const guard = (...code: Parameters<typeof process.exit>): never => {
    const error = new Error(
      `process.exit(${code[0] ?? ''}) would end the run without a result; expected user.stop('why') in a scenario, or an error that is thrown`,
    );
    Error.captureStackTrace(error, guard);
    if (fileInStack(error.stack ?? '') !== undefined) throw error;
    // Without an argument where there was none: it would replace the exit code that is set.
    return exit(...code);
  };
  process.exit = guard;
}
