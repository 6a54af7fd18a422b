export { RunResultSchema } from '../document/schema.ts';
export type {
  Blocks,
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
  OperationBlocks,
  OperationStats,
  PercentileValues,
  ResultNote,
  RunResult,
  ScenarioResult,
  SeriesPoint,
  ThresholdResult,
  Traces,
  Verdict,
} from '../document/schema.ts';
export { LATENCY_ROWS_PER_DECADE, PERCENTILES, RESULT_SCHEMA_VERSION } from '../document/document-format.ts';
export { OLDEST_READABLE_VERSION, upgradeResult } from '../document/upgrade.ts';
export { parseExpression } from '../thresholds/parse-expression.ts';
export type { Aggregate, ThresholdExpression } from '../thresholds/parse-expression.ts';
export { parseSelector, splitThreshold } from '../thresholds/parse-selector.ts';
export type { MetricSelector } from '../thresholds/parse-selector.ts';
export type { Objective } from '../model/objective.ts';
export { loudMachines, machineFigures, machineSentence, shortMachines } from '../machine/machine-sentence.ts';
export { formatLatency, formatLimit, formatMeasure, formatMeasured } from '../format/measure.ts';
export {
  NO_VALUE,
  formatBytes,
  formatCount,
  formatNumber,
  formatShare,
  trimZeros,
} from '../format/number.ts';
