import { url as debuggerUrl } from 'node:inspector';
import { formatDuration } from '../options/duration.ts';
import type { CompiledFile } from './compile-file.ts';
import { fileError } from './file-error.ts';
import { guardExit } from './guard-exit.ts';
import { readExports, type TestExports } from './read-exports.ts';
import { threwError } from './run-error.ts';

/** Time limit of code of a test file, and what the error says: what it lacks, and where to look. */
interface LimitOfFile {
  readonly limitMs: number;
  readonly problem: string;
  readonly next: string;
}

/** A top-level await, or a promise that is exported, may never resolve. */
const LOADING: LimitOfFile = {
  limitMs: 60_000,
  problem: 'was not loaded',
  next: 'look for an await outside of functions, or an exported promise, that never ends',
};
/** A default function may fetch, or log in at a limited rate. */
export const MAKING: LimitOfFile = {
  limitMs: 600_000,
  problem: 'its default function did not return its scenarios',
  next: 'look in this function for an await that never ends',
};
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Loads a compiled test file into this thread: its code runs. A module is loaded once; a changed file is compiled again first.
 *
 * @throws CliError exit 2 for code that throws or is not done in a minute, and for exports that are no tests
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
  return withinLimit(loading, file, LOADING);
}

/**
 * What code of the file promises. Under a debugger it may take as long as the person does.
 *
 * @throws CliError if it takes longer
 */
export async function withinLimit<Value>(
  promise: Promise<Value>,
  file: CompiledFile,
  { limitMs, problem, next }: LimitOfFile,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          fileError(
            {
              code: 'file-slow',
              problem: `${file.given}: ${problem} within ${formatDuration(limitMs)}`,
              next,
            },
            file.cwd,
          ),
        ),
      // Never none: a promise alone does not keep the process.
      isDebugged() ? LONGEST_TIMER_MS : limitMs,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function isDebugged(): boolean {
  return debuggerUrl() !== undefined;
}
