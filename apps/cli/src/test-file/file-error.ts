import { CliError } from '../cli-error.ts';
import { codeFrame, type SourcePlace } from './code-frame.ts';

/** What is wrong with a test file. */
export interface FileProblem {
  /** Stable name, such as `file-syntax`. */
  readonly code: string;
  /** Starts with the file as the person named it. */
  readonly problem: string;
  /** Shown with the code around it. @default none */
  readonly place?: SourcePlace | undefined;
  readonly expected?: string | undefined;
  readonly next?: string | undefined;
  readonly cause?: unknown;
}

/** The error for a test file that cannot be used: exit 2, with place and code where they are known. */
export function fileError(
  { code, problem, place, expected, next, cause }: FileProblem,
  cwd: string,
): CliError {
  const frame = place === undefined ? '' : `\n${codeFrame(place, cwd).replaceAll(/^/gm, '    ')}`;
  return new CliError({
    exit: 'usage',
    code,
    problem: `${problem}${frame}`,
    ...(expected === undefined ? {} : { expected }),
    ...(next === undefined ? {} : { next }),
    cause,
  });
}
