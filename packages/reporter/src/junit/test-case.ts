/** Outcome of a case. Every status maps to one of these; what was not judged is never `passed`. */
export type CaseOutcome = 'passed' | 'failure' | 'error' | 'skipped';

/**
 * One thing that the run was judged by, as a test case. Texts are not XML-escaped, and contain only characters that XML
 * allows.
 */
export interface TestCase {
  /** Must be the same in each run of the same test: pipelines compare runs by class and name. */
  readonly className: string;
  readonly name: string;
  readonly outcome: CaseOutcome;
  /** Reason in one line; empty if the case passed. */
  readonly message: string;
  /** Measured values, in any number of lines. */
  readonly detail: string;
  readonly durationMs: number;
}

/** Cases of one kind. */
export interface TestSuite {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly cases: readonly TestCase[];
}
