/** Maximum load of a planned run. */
export interface PlannedLoad {
  readonly users: number;
  /** Requests per second if the target answered immediately; Infinity if a scenario is unbounded. */
  readonly requestsPerSecond: number;
  /** Scenarios that bound their requests neither by `demand` nor by `maxPerSecond` of each operation. @default none */
  readonly unbounded?: readonly string[];
  /** Those of `unbounded` whose `demand` has no think time, and whose users are not bounded by a rate. @default none */
  readonly withoutThinkTime?: readonly string[];
  /** Infinity if a scenario has no end of its own. */
  readonly durationMs: number;
}
