import { fileURLToPath } from 'node:url';
import type { CliError } from '../cli-error.ts';
import type { SourcePlace } from './code-frame.ts';
import type { CompiledFile } from './compile-file.ts';
import { fileError } from './file-error.ts';

const FRAME = /(?:\(|at )((?:file:\/\/)?\/[^()\n]*?|[A-Za-z]:\\[^()\n]*?):(\d+):(\d+)\)?$/gm;

function pathOf(location: string): string {
  return location.startsWith('file:') ? fileURLToPath(location) : location;
}

/** Where in the person's own code an error was thrown. */
function placeInSources(error: unknown, sources: readonly string[]): SourcePlace | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  for (const [, location = '', line, column] of stack.matchAll(FRAME)) {
    const path = pathOf(location);
    if (sources.includes(path)) return { path, line: Number(line), column: Number(column) };
  }
  return undefined;
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/**
 * The error for code of the file that threw.
 *
 * @param doing such as `while it was loaded`
 */
export function threwError(error: unknown, file: CompiledFile, doing: string): CliError {
  return fileError(
    {
      code: 'file-threw',
      problem: `${file.given}: threw ${doing}: ${textOf(error)}`,
      place: placeInSources(error, file.sources),
      next: 'correct the code; --debug shows the whole stack',
      cause: error,
    },
    file.cwd,
  );
}
