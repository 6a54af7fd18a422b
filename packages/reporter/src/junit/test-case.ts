/** How a case ended. No state of ours is left over: what was not judged is skipped, never passed. */
export type CaseOutcome = 'passed' | 'failure' | 'error' | 'skipped';

/** One thing that the run was judged by, as pipelines know it. Texts are not escaped, and hold nothing that XML has no way to write. */
export interface TestCase {
  /** The same in each run of the same test: pipelines compare runs by class and name. */
  readonly className: string;
  readonly name: string;
  readonly outcome: CaseOutcome;
  /** One line: why it did not pass. Empty where it did. */
  readonly message: string;
  /** What was measured, over as many lines as it takes. */
  readonly detail: string;
  readonly durationMs: number;
}

/** Cases of one kind. */
export interface TestSuite {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly cases: readonly TestCase[];
}
