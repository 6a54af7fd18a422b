import type { RunResult } from '@jarvis-load/engine/result';
import { mean, sampleVariance } from 'simple-statistics';
import { METRICS, type Metric } from './metrics.ts';
import { figureOf, statsIn, tooFew, type StatsOfRuns } from './side.ts';
import { criticalT } from './student-t.ts';

const ALPHA = 0.05;

/** One figure over several runs. */
export interface FigureSpread {
  readonly metric: Metric;
  /** Geometric mean over the runs, of errors the mean, in the unit of `figureOf`; null where a run has no figure. */
  readonly mean: number | null;
  /** 95 % interval of it, by Student's t over the runs; null where it is not known. */
  readonly interval: readonly [low: number, high: number] | null;
  readonly least: number | null;
  readonly most: number | null;
  /** Too few samples lie beyond the percentile in some run. */
  readonly lowSamples: boolean;
}

/** One operation over several runs; `*`: all. */
export interface OperationSpread {
  readonly scenario: string;
  readonly operation: string;
  readonly figures: readonly FigureSpread[];
}

/**
 * How much the figures of equal runs differ: totals first, then every operation that all runs have. The caller has left out runs
 * that cannot be compared (`obstaclesBetween`): nothing is refused here.
 * @throws RangeError for fewer than two runs
 */
export function spreadOfRuns(runs: readonly RunResult[]): OperationSpread[] {
  const [first] = runs;
  if (first === undefined || runs.length < 2) throw new RangeError('a spread needs at least two runs');
  const operations = first.operations.flatMap(({ scenario, operation }) => {
    const stats = statsIn(runs, scenario, operation);
    return stats === undefined ? [] : [{ scenario, operation, figures: figuresOf(stats) }];
  });
  return [
    { scenario: '*', operation: '*', figures: figuresOf(runs.map(({ totals }) => totals)) },
    ...operations,
  ];
}

function figuresOf(stats: StatsOfRuns): FigureSpread[] {
  return METRICS.map((metric) => {
    const lowSamples = tooFew(stats, metric);
    const values = stats.flatMap((each) => figureOf(each, metric) ?? []);
    if (values.length < stats.length) {
      return { metric, mean: null, interval: null, least: null, most: null, lowSamples };
    }
    const isShare = metric === 'errors';
    const scaled = isShare ? values : values.map(Math.log);
    const back = (value: number): number => (isShare ? Math.min(1, Math.max(0, value)) : Math.exp(value));
    const middle = mean(scaled);
    const half = criticalT(ALPHA, values.length - 1) * Math.sqrt(sampleVariance(scaled) / values.length);
    return {
      metric,
      mean: back(middle),
      interval: Number.isFinite(half) ? [back(middle - half), back(middle + half)] : null,
      least: Math.min(...values),
      most: Math.max(...values),
      lowSamples,
    };
  });
}
