import { CliError } from '../cli-error.ts';

/** Error for output that cannot be written, such as a full disk or a read-only folder: not a bug, so exit 2. */
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
