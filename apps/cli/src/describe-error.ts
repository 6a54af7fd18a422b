import { EngineError } from '@jarvis-load/engine';
import { errorOf, reasonOf, stackOf } from '@jarvis-load/engine/show';
import { K6Error } from '@jarvis-load/k6-scenarios';
import { MockError } from '@jarvis-load/mock-jarvis';
import { ReporterError } from '@jarvis-load/reporter';
import { CliError } from './cli-error.ts';
import { exitCode, type ExitName } from './exit-codes.ts';
import { SUITES } from './suites/suites.ts';
import { cleanBlock } from './output/clean-text.ts';

/** The text and the exit code of an error. Control characters are removed from the text; the caller removes secrets. */
export interface DescribedError {
  readonly text: string;
  readonly exitCode: number;
}

/** What to do where the system refuses to read or write: the fault is neither of this program nor of an input. */
const NEXT_OF_SYSTEM: Readonly<Record<string, string>> = {
  ENOSPC: 'make room on that disk (reports, and the folder for temporary files), or name another folder',
  EDQUOT: 'make room within the quota, or name another folder',
  EFBIG: 'raise the limit on the size of files (ulimit -f), or name another folder',
  EROFS: 'name a folder that can be written',
  EACCES: 'give this user the permission, or name another file or folder',
  EPERM: 'give this user the permission, or name another file or folder',
  EIO: 'check the disk, or name another file or folder',
  EMFILE: 'raise the limit on open files (ulimit -n)',
  ENFILE: 'close programs that hold many files open',
};

/** The next step for an error of the operating system that is no bug; undefined for any other error. */
function nextOfSystem(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = '', syscall } = error as NodeJS.ErrnoException;
  return syscall === undefined ? undefined : NEXT_OF_SYSTEM[code];
}

/** The exit of an error: `internal` unless it is of a kind that the user can correct. */
function exitOf(error: unknown): ExitName {
  if (error instanceof CliError) return error.exit;

  if (error instanceof EngineError && error.code === 'target-not-allowed') return 'not-allowed';
  if (error instanceof EngineError || error instanceof ReporterError) return 'usage';
  if (error instanceof K6Error || SUITES.some((suite) => suite.isInputError?.(error))) return 'usage';
  if (error instanceof MockError) return error.code === 'child_failed' ? 'internal' : 'usage';
  return nextOfSystem(error) === undefined ? 'internal' : 'usage';
}

/** Most errors of a chain of causes that are shown: an error may be its own cause. */
const MOST_CAUSES = 10;

function stacksOf(error: unknown): string {
  const stacks: string[] = [];
  let next = error;
  while (next !== undefined && stacks.length < MOST_CAUSES) {
    stacks.push(stackOf(next) ?? reasonOf(next));
    next = causeOf(next);
  }
  return stacks.join('\ncaused by ');
}

function causeOf(error: unknown): unknown {
  try {
    return error instanceof Error ? error.cause : undefined;
  } catch {
    return undefined;
  }
}

/** Describes an error without its stack trace, which only `--debug` shows. */
export function describeError(thrown: unknown, debug: boolean): DescribedError {
  const error = errorOf(thrown);
  const exit = exitOf(error);
  const text =
    error instanceof CliError
      ? error.describe()
      : exit === 'internal'
        ? `error: internal error: ${reasonOf(error)}\n  next: run it again with --debug and report what it prints`
        : [`error: ${reasonOf(error)}`, nextOfSystem(error)].filter(Boolean).join('\n  next: ');
  return { text: cleanBlock(debug ? `${text}\n${stacksOf(thrown)}` : text), exitCode: exitCode(exit) };
}
