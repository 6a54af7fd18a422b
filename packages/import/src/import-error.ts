/**
 * Input that cannot be imported. The only error that the readers of this package throw: the command shows it as a usage error,
 * and any other as a defect of the program.
 */
export class ImportError extends Error {
  /** The valid form of the input. */
  readonly expected: string;
  /** What to do about it. */
  readonly next: string | undefined;

  /** @param problem names the input and what is wrong with it */
  constructor(problem: string, expected: string, next?: string, cause?: unknown) {
    super(problem, cause === undefined ? undefined : { cause });
    this.name = 'ImportError';
    this.expected = expected;
    this.next = next;
  }
}
