export { PERCENTILES, RESULT_SCHEMA_VERSION, RunResultSchema } from './schema.ts';
export type {
  CheckResult,
  ErrorGroup,
  ExceptionGroup,
  GeneratorHealth,
  IntendedPoint,
  Iterations,
  LatencyStats,
  MetricResult,
  ObjectiveResult,
  OperationStats,
  PercentileValues,
  ResultNote,
  RunResult,
  ScenarioResult,
  SeriesPoint,
  ThresholdResult,
  Verdict,
} from './schema.ts';
export type { Objective } from './objective.ts';
