import type { CompiledFile } from './compile-file.ts';
import { fileError } from './file-error.ts';
import { guardExit } from './guard-exit.ts';
import { readExports, type TestExports } from './read-exports.ts';
import { threwError } from './run-error.ts';

/** Time limit of loading: a top-level await, or a promise that is exported, may never resolve. */
const LOAD_LIMIT_MS = 60_000;

/**
 * Loads a compiled test file into this thread: its code runs. A module is loaded once; a changed file is compiled again first.
 *
 * @throws CliError exit 2 for code that throws, and for exports that are no tests
 */
export async function loadFile(file: CompiledFile): Promise<TestExports> {
  // Stack traces and debuggers show the sources.
  process.setSourceMapsEnabled(true);
  guardExit(file);
  const loading = (import(file.module) as Promise<Readonly<Record<string, unknown>>>)
    .catch((error: unknown) => {
      throw threwError(error, file, 'while it was loaded');
    })
    .then((exports) => readExports(exports, file));
  return withinLimit(loading, file);
}

/** What code of the file promises. @throws CliError if it takes longer than {@link LOAD_LIMIT_MS} */
export async function withinLimit<Value>(promise: Promise<Value>, file: CompiledFile): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          fileError(
            {
              code: 'file-slow',
              problem: `${file.given}: was not loaded within ${LOAD_LIMIT_MS / 1000} s`,
              next: 'look for an await outside of functions, or an exported promise, that never ends',
            },
            file.cwd,
          ),
        ),
      LOAD_LIMIT_MS,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
