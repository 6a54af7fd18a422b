export { RunResultSchema } from './schema.ts';
export { PERCENTILES, RESULT_SCHEMA_VERSION } from './document-format.ts';
export { OLDEST_READABLE_VERSION, upgradeResult } from './upgrade.ts';
export type {
  CheckResult,
  ErrorGroup,
  ExceptionGroup,
  GeneratorHealth,
  IntendedPoint,
  Iterations,
  LatencyStats,
  MachineHealth,
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
export { buildResult } from './build.ts';
export type { ResultParts } from './build.ts';
export type { Finding } from './verdict.ts';
export { ErrorGroups } from './error-groups.ts';
export { machineSentence } from '../machine/machine-sentence.ts';
export { latencyStats } from './latency-stats.ts';
export { SeriesRecorder } from './series.ts';
export { compileRun } from '../run/compile.ts';
export type { CompiledOperation, RecordedRun, RecordedScenario } from '../run/compile.ts';
export type { UnknownExecutor } from '../executors/resolved.ts';
export { ENGINE_VERSION } from '../run/resolve-options.ts';
export { bindThreshold } from '../thresholds/bind.ts';
export type { BoundThreshold, MetricType } from '../thresholds/bind.ts';
export { judgeClaim, samplesForQuantile, samplesForShare } from '../proof/judge-claim.ts';
export type { Claim } from '../proof/judge-claim.ts';
export { evaluateThreshold, keepsThreshold } from '../thresholds/evaluate.ts';
export type { ThresholdOutcome } from '../thresholds/evaluate.ts';
export type { JudgedValues, MetricValues } from '../thresholds/metric-values.ts';
export { parseThresholds } from '../thresholds/parse.ts';
export type { ParsedThreshold } from '../thresholds/parse.ts';
export { formatSelector, parseSelector } from '../thresholds/parse-selector.ts';
export type { MetricSelector } from '../thresholds/parse-selector.ts';
export { CircuitBreaker } from '../run/circuit-breaker.ts';
export { formatLatency, formatMeasure } from '../format/measure.ts';
export {
  NO_VALUE,
  formatBytes,
  formatCount,
  formatNumber,
  formatShare,
  trimZeros,
} from '../format/number.ts';
