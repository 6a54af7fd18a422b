import { mean, sampleVariance } from 'simple-statistics';
import type { OperationStats } from '@jarvis-load/engine/result';
import { welch } from './block-effects.ts';
import { differenceEffect, ratioEffect, type Effect } from './effect.ts';
import type { FurtherMetric, Metric } from './metrics.ts';
import { figureOf, type StatsOfRuns } from './side.ts';

/** Standard deviation of a ratio between two runs that is assumed at least, so that two equal runs prove nothing. */
const LEAST_DEVIATION = 0.002;

/**
 * The effect between two sides of which at least one has several runs. A run is one observation, and only the spread
 * between runs counts: requests within a run depend on each other, and runs differ by more than their requests tell.
 * Welch's t; with a single run on one side, it is judged by the spread of the other side, as a further run of it.
 * Undefined where a run has no figure, or a time or rate of 0.
 * @param paired run k of one side was made right beside run k of the other (A B A B): their differences count
 */
export function runEffect(
  base: StatsOfRuns,
  candidate: StatsOfRuns,
  metric: Metric | FurtherMetric,
  paired: boolean,
): Effect | undefined {
  const [a, b] = [base, candidate].map((runs) => valuesOf(runs, metric));
  if (a === undefined || b === undefined) return undefined;
  const difference = mean(b) - mean(a);
  const { standardError, df } =
    paired && a.length === b.length ? spreadOfPairs(a, b) : spreadOfSides(a, b, metric);
  if (metric === 'errors') {
    return differenceEffect(difference, Math.hypot(standardError, chance(base, candidate)), df);
  }
  return ratioEffect(difference, Math.max(standardError, LEAST_DEVIATION / Math.sqrt(a.length)), df);
}

/** The figure of each run: its logarithm, of errors the share itself; undefined where a run has no figure, or 0. */
function valuesOf(runs: StatsOfRuns, metric: Metric | FurtherMetric): number[] | undefined {
  const figures = runs.map((stats) => figureOf(stats, metric));
  const values = figures.flatMap((figure) => {
    if (figure === null) return [];
    const value = metric === 'errors' ? figure : Math.log(figure);
    return Number.isFinite(value) ? [value] : [];
  });
  return values.length === figures.length ? values : undefined;
}

function spreadOfPairs(a: readonly number[], b: readonly number[]) {
  const differences = b.map((value, run) => value - a[run]!);
  return {
    standardError: Math.sqrt(sampleVariance(differences) / differences.length),
    df: differences.length - 1,
  };
}

function spreadOfSides(a: number[], b: number[], metric: Metric | FurtherMetric) {
  if (a.length > 1 && b.length > 1) {
    const [sideA, sideB] = [a, b].map((values) => ({
      standardError: Math.sqrt(sampleVariance(values) / values.length) + Number.MIN_VALUE,
      df: values.length - 1,
    }));
    return welch(sideA!, sideB!);
  }
  const many = a.length > 1 ? a : b;
  const least = metric === 'errors' ? 0 : LEAST_DEVIATION;
  return {
    standardError: Math.max(least, Math.sqrt(sampleVariance(many))) * Math.sqrt(1 + 1 / many.length),
    df: many.length - 1,
  };
}

/** Standard error of the difference of error shares by chance alone, which runs without any error do not show. */
function chance(base: StatsOfRuns, candidate: StatsOfRuns): number {
  const variance = [base, candidate].map((runs) => {
    const of = total(runs, ({ requests }) => requests);
    const share = (total(runs, ({ failed }) => failed) + 1) / (of + 2);
    return (share * (1 - share)) / Math.max(1, of);
  });
  return Math.sqrt(variance[0]! + variance[1]!);
}

function total(runs: StatsOfRuns, of: (stats: OperationStats) => number): number {
  return runs.reduce((sum, stats) => sum + of(stats), 0);
}
