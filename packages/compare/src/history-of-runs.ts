import type { OperationStats, RunResult } from '@jarvis-load/engine/result';
import { isBusy } from './busy-machine.ts';
import { changePoints, leastPerLevel } from './change-points.ts';
import {
  DEFAULT_TOLERANCES,
  higherIsBetter,
  METRICS,
  type Metric,
  type Tolerance,
  type Tolerances,
} from './metrics.ts';
import { figureOf, statsIn } from './side.ts';

/** The chance of even one change in a history without any. */
const ALPHA = 0.05;
/** Pairs of values compared per history: about half a second. */
const EFFORT = 2e8;

/**
 * A lasting change of one figure.
 *
 * Must hold: the caller of `changesOver` has sorted the runs by their start, oldest first, and left out those that are not valid
 * or had another load. An operation or a figure that one of the runs lacks is not looked at.
 */
export interface Change {
  /** `*`: all. */
  readonly scenario: string;
  readonly operation: string;
  readonly metric: Metric;
  /** Index of the first run of the new level among the runs, and its id, which runs made from files of k6 may share. */
  readonly at: number;
  readonly since: string;
  /** Medians of the levels before and after, in the unit of `figureOf`. */
  readonly before: number;
  readonly after: number;
  readonly finding: 'worse' | 'better';
}

/** A figure over the runs that count for it. */
interface Series {
  readonly stats: OperationStats;
  readonly metric: Metric;
  readonly values: readonly number[];
  readonly counted: readonly RunResult[];
}

/**
 * Lasting changes over many runs of the same load, by time: of each figure in total and per operation, where the medians
 * differ by more than the tolerance. Where the machine was too busy for a figure (`isBusy`) only the errors count. The level is
 * corrected for the number of figures (Bonferroni).
 * @param runs oldest first
 */
export function changesOver(runs: readonly RunResult[], tolerances: Tolerances): Change[] {
  const all = seriesOf(runs, tolerances.p50);
  const alpha = levelOf(all);
  return all.flatMap(({ stats, metric, values, counted }): Change[] => {
    const starts = changePoints(values, alpha, EFFORT / all.length);
    return starts.flatMap((start, index) => {
      const before = median(values.slice(starts[index - 1] ?? 0, start));
      const after = median(values.slice(start, starts[index + 1] ?? values.length));
      const { change, floorMs = 0 } = tolerances[metric];
      const size = metric === 'errors' ? Math.abs(after - before) : Math.abs(after / before - 1);
      if (!(size > change) || Math.abs(after - before) <= floorMs) return [];
      const { scenario, operation } = stats;
      const finding = after > before === higherIsBetter(metric) ? 'better' : 'worse';
      const begun = counted[start]!;
      const at = runs.indexOf(begun);
      return [{ scenario, operation, metric, at, since: begun.run.id, before, after, finding }];
    });
  });
}

/**
 * Fewest runs in which `changesOver` can find a change of these figures, half of them before it; more where figures vary.
 * @param tolerance of p50: busy runs are left out by it
 */
export function leastRunsOfChange(
  runs: readonly RunResult[],
  tolerance: Tolerance = DEFAULT_TOLERANCES.p50,
): number {
  return 2 * leastPerLevel(levelOf(seriesOf(runs, tolerance)));
}

/**
 * The level of one test. A figure that is the same in all runs is not tested; two that are equal in each run, such as those of the
 * total and of its only operation, are tested once.
 */
function levelOf(all: readonly Series[]): number {
  const tests = all
    .filter(({ values }) => values.some((value) => value !== values[0]))
    .map(({ metric, values }) => `${metric} ${values.join(' ')}`);
  return ALPHA / Math.max(1, new Set(tests).size);
}

function seriesOf(runs: readonly RunResult[], tolerance: Tolerance): readonly Series[] {
  const [first] = runs;
  if (first === undefined) return [];
  const subjects: (readonly OperationStats[])[] = [runs.map(({ totals }) => totals)];
  for (const { scenario, operation } of first.operations) {
    const stats = statsIn(runs, scenario, operation);
    if (stats !== undefined) subjects.push(stats);
  }
  return subjects.flatMap((subject) => {
    const quiet = runs.filter((run, index) => !isBusy(run, subject[index], tolerance));
    return METRICS.flatMap((metric): Series[] => {
      const counted = metric === 'errors' ? runs : quiet;
      const figures = subject.filter((_, index) => counted.includes(runs[index]!));
      const values = figures.flatMap((each) => figureOf(each, metric) ?? []);
      return values.length < figures.length ? [] : [{ stats: subject[0]!, metric, values, counted }];
    });
  });
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
