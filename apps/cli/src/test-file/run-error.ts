import { fileURLToPath } from 'node:url';
import { namedReasonOf, reasonOf, stackOf } from '@jarvis-load/engine/show';
import type { CliError } from '../cli-error.ts';
import type { SourcePlace } from './code-frame.ts';
import type { CompiledFile } from './compile-file.ts';
import { fileError } from './file-error.ts';
import { findInSources } from './find-in-sources.ts';
import { nextStep } from './next-step.ts';

const FRAME = /^\s*at (.*):(\d+):(\d+)\)?$/gm;
/** Where a path may begin: folders have spaces and parentheses in their names, too. */
const PATH_START = /(?<=^|[ (])(?:file:\/\/)?(?=\/|[A-Za-z]:\\)/g;
/** Node names the module by its URL, and gives no place. */
const NO_EXPORT = /^The requested module '.*' does not provide an export named '([^']+)'/;

/** The paths that a location may stand for: a stack has URLs, paths, and paths with what a URL escapes. */
function pathsOf(location: string): readonly string[] {
  try {
    return location.startsWith('file:')
      ? [fileURLToPath(location)]
      : [location, decodeURIComponent(location)];
  } catch {
    return [location];
  }
}

/** Where in the person's own code an error was thrown, by its stack, which has places of the sources (source maps: `loadFile`). */
export function placeInSources(stack: string, sources: readonly string[]): SourcePlace | undefined {
  for (const [, where = '', line, column] of stack.matchAll(FRAME)) {
    const paths = [...where.matchAll(PATH_START)].flatMap(({ index }) => pathsOf(where.slice(index)));
    const path = paths.find((each) => sources.includes(each));
    if (path !== undefined) return { path, line: Number(line), column: Number(column) };
  }
  return undefined;
}

const ENGINE_ERROR = 'EngineError: ';

/**
 * An error of the engine says in its message what was expected; its name adds nothing. By its name: the file may have another
 * copy of the engine than this program.
 */
function textOf(error: unknown): string {
  const text = namedReasonOf(error);
  return text.startsWith(ENGINE_ERROR) ? text.slice(ENGINE_ERROR.length) : text;
}

/**
 * The error for code of the file that threw.
 *
 * @param doing such as `while it was loaded`
 * @param next the next step, where the caller knows it better than the message tells
 */
export function threwError(error: unknown, file: CompiledFile, doing: string, next?: string): CliError {
  const text = textOf(error);
  const stack = stackOf(error) ?? '';
  const [, name] = text.startsWith('SyntaxError: ') ? (NO_EXPORT.exec(reasonOf(error)) ?? []) : [];
  if (name !== undefined)
    return fileError(
      {
        code: 'file-import',
        problem: `${file.given}: imports ${name}, which the package does not export`,
        place: findInSources([name], file.sources),
        next: 'correct the name; an editor lists what the package exports',
        cause: error,
      },
      file.cwd,
    );
  const ofEngine = namedReasonOf(error).startsWith(ENGINE_ERROR);
  return fileError(
    {
      code: 'file-threw',
      problem: ofEngine ? `${file.given}: ${text}` : `${file.given}: threw ${doing}: ${text}`,
      place: placeInSources(stack, file.sources),
      next:
        next ??
        nextStep(text) ??
        (ofEngine ? 'correct the line' : 'correct the code; --debug shows the whole stack'),
      cause: error,
    },
    file.cwd,
  );
}
