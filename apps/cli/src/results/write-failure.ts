import { CliError } from '../cli-error.ts';

/** What cannot be written is no bug of ours: a full disk, a read-only folder, a file in the way. Exit 2. */
export function writeFailure(what: string, place: string, cause: unknown, next: string): CliError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown cause';
  return new CliError({
    exit: 'usage',
    code: 'report-write',
    problem: `${what} could not be written to ${place} (${code})`,
    expected: 'a folder in which jarvis-load may create files, with room for them',
    next,
    cause,
  });
}
