/** An output that was asked for in a way that cannot work: what is wrong, and what was expected. */
export class OutputError extends Error {
  readonly problem: string;
  readonly expected: string;

  constructor(problem: string, expected: string) {
    super(`${problem}; expected ${expected}`);
    this.name = 'OutputError';
    this.problem = problem;
    this.expected = expected;
  }
}
