import { exitCode, type ExitName } from './exit-codes.ts';

/** The parts of a {@link CliError}. */
export interface CliErrorParts {
  /** Determines the exit code. */
  readonly exit: ExitName;
  /** Stable name of the error, such as `flag-value`. */
  readonly code: string;
  /** What was wrong, naming the input. */
  readonly problem: string;
  /** The valid form of the input. */
  readonly expected?: string;
  /** What the user should do. */
  readonly next?: string;
  readonly cause?: unknown;
}

/**
 * An error that ends the command early: what was wrong, what was expected, what to do. Its texts may hold words of a target:
 * whoever prints it removes control characters and secrets, by `describeError` and then the redactor, or by `shownText`.
 */
export class CliError extends Error {
  readonly code: string;
  readonly exit: ExitName;
  readonly expected: string | undefined;
  readonly next: string | undefined;

  constructor(parts: CliErrorParts) {
    super(parts.problem, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = 'CliError';
    this.code = parts.code;
    this.exit = parts.exit;
    this.expected = parts.expected;
    this.next = parts.next;
  }

  get exitCode(): number {
    return exitCode(this.exit);
  }

  /**
   * The error as printed: one line each for the problem, what was expected, and the next step.
   * @param level `warning` where the command does not fail for it
   */
  describe(level: 'error' | 'warning' = 'error'): string {
    const lines = [`${level}: ${this.message}`];
    if (this.expected !== undefined) lines.push(`  expected: ${this.expected}`);
    if (this.next !== undefined) lines.push(`  next: ${this.next}`);
    return lines.join('\n');
  }
}

/** A wrong flag, variable or file: exit 2. */
export function usageError(code: string, problem: string, expected?: string, next?: string): CliError {
  return new CliError({
    exit: 'usage',
    code,
    problem,
    ...(expected === undefined ? {} : { expected }),
    ...(next === undefined ? {} : { next }),
  });
}
