/** Maximum load of a planned run. */
export interface PlannedLoad {
  readonly users: number;
  /** Requests per second if the target answered immediately; Infinity if a scenario does not declare its demand. */
  readonly requestsPerSecond: number;
  /** Infinity if a scenario has no end of its own. */
  readonly durationMs: number;
}
