import { CliError } from '../cli-error.ts';

/** Next step of a command with the flag `--report-dir`. */
export const ELSEWHERE = 'make room there, or choose another place with --report-dir, and run it again';

/**
 * Error for output that cannot be written, such as a full disk or a read-only folder: not a bug, so exit 2. What is no error of
 * the system, such as a bug in a view, is returned as it is.
 */
export function writeFailure(what: string, place: string, cause: unknown, next: string): Error {
  const { code, syscall } = cause as NodeJS.ErrnoException;
  if (cause instanceof Error && syscall === undefined) return cause;
  return new CliError({
    exit: 'usage',
    code: 'report-write',
    problem: `${what} could not be written to ${place} (${code})`,
    expected: 'a folder in which jarvis-load may create files, with room for them',
    next,
    cause,
  });
}
