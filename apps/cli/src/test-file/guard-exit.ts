import type { CompiledFile } from './compile-file.ts';
import { placeInSources } from './run-error.ts';

const guarded = new Set<string>();

/**
 * Makes `process.exit` throw where code of a test file calls it: it would end the program with the exit code of a passed
 * run, and without a report. Other callers end the process as before. It stays so until this thread ends.
 */
export function guardExit({ sources, path }: CompiledFile): void {
  if (guarded.has(path)) return;
  guarded.add(path);
  const exit = process.exit.bind(process);
  const guard = (...code: Parameters<typeof process.exit>): never => {
    const error = new Error(
      `process.exit(${code[0] ?? ''}) would end the run without a result; expected user.stop('why') in a scenario, or an error that is thrown`,
    );
    Error.captureStackTrace(error, guard);
    if (placeInSources(error.stack ?? '', sources) !== undefined) throw error;
    // Without an argument where there was none: it would replace the exit code that is set.
    return exit(...code);
  };
  process.exit = guard;
}
