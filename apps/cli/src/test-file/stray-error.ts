import type { CompiledFile } from './compile-file.ts';
import type { CliError } from '../cli-error.ts';
import { placeInSources, threwError } from './run-error.ts';

/** By path: a file that is compiled again replaces what it was. */
const loaded = new Map<string, CompiledFile>();

/** Remembers a file whose code runs in this thread. */
export function remember(file: CompiledFile): void {
  loaded.set(file.path, file);
}

/**
 * The file that the running code was called from, by a stack.
 *
 * Must hold: `remember` was called before the code of the file began to run.
 */
export function fileInStack(stack: string): CompiledFile | undefined {
  return [...loaded.values()].find(({ sources }) => placeInSources(stack, sources) !== undefined);
}

/** An error that no code handled, if the code of a test file threw it: such as a rejection that nothing awaits. */
export function strayError(error: unknown): CliError | undefined {
  const file = error instanceof Error ? fileInStack(error.stack ?? '') : undefined;
  return file === undefined ? undefined : threwError(error, file, 'in code that nothing awaits');
}
