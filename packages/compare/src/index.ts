export { compareRuns } from './compare-runs.ts';
export type { CompareOptions } from './compare-runs.ts';
export type {
  ComparedRun,
  Comparison,
  Finding,
  MetricComparison,
  Obstacle,
  OperationComparison,
} from './comparison.ts';
export { DEFAULT_TOLERANCES, FURTHER, METRICS, higherIsBetter } from './metrics.ts';
export type { FurtherMetric, Metric, Tolerance, Tolerances } from './metrics.ts';
export { differencesBetween, obstaclesBetween, obstaclesIn } from './obstacles.ts';
export { spreadOfRuns } from './spread-of-runs.ts';
export type { FigureSpread, OperationSpread } from './spread-of-runs.ts';
export { isBusy } from './busy-machine.ts';
export { changesOver, leastRunsOfChange } from './history-of-runs.ts';
export type { Change } from './history-of-runs.ts';
export { figureOf } from './side.ts';
