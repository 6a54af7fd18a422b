/** The most that a planned run asks of its target. */
export interface PlannedLoad {
  readonly users: number;
  /** Requests per second if the target answered at once; Infinity where a scenario does not declare its demand. */
  readonly requestsPerSecond: number;
  readonly durationMs: number;
}
