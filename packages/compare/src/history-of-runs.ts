import type { OperationStats, RunResult } from '@jarvis-load/engine/result';
import { isBusy } from './busy-machine.ts';
import { changePoints } from './change-points.ts';
import { higherIsBetter, METRICS, type Metric, type Tolerances } from './metrics.ts';
import { figureOf, statsIn } from './side.ts';

/** The chance of even one change in a history without any. */
const ALPHA = 0.05;

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
  /** Place of the first run of the new level among the runs, and its id, which runs made from files of k6 may share. */
  readonly at: number;
  readonly since: string;
  /** Medians of the levels before and after, in the unit of `figureOf`. */
  readonly before: number;
  readonly after: number;
  readonly finding: 'worse' | 'better';
}

/**
 * Lasting changes over many runs of the same load, by time: of each figure in total and per operation, where the medians
 * differ by more than the tolerance. Of a run on a busy machine (`isBusy`) only the errors count. The level is corrected for the number of figures (Bonferroni).
 * @param runs oldest first
 */
export function changesOver(runs: readonly RunResult[], tolerances: Tolerances): Change[] {
  const [first] = runs;
  if (first === undefined) return [];
  const subjects: (readonly OperationStats[])[] = [runs.map(({ totals }) => totals)];
  for (const { scenario, operation } of first.operations) {
    const stats = statsIn(runs, scenario, operation);
    if (stats !== undefined) subjects.push(stats);
  }
  const quiet = runs.filter((run) => !isBusy(run));
  const alpha = ALPHA / (subjects.length * METRICS.length);
  return subjects.flatMap((stats) =>
    METRICS.flatMap((metric): Change[] => {
      const counted = metric === 'errors' ? runs : quiet;
      const figures = stats.filter((_, index) => counted.includes(runs[index]!));
      const values = figures.flatMap((each) => figureOf(each, metric) ?? []);
      if (values.length < figures.length) return [];
      const starts = changePoints(values, alpha);
      return starts.flatMap((start, index) => {
        const before = median(values.slice(starts[index - 1] ?? 0, start));
        const after = median(values.slice(start, starts[index + 1] ?? values.length));
        const { change, floorMs = 0 } = tolerances[metric];
        const size = metric === 'errors' ? Math.abs(after - before) : Math.abs(after / before - 1);
        if (!(size > change) || Math.abs(after - before) <= floorMs) return [];
        const { scenario, operation } = stats[0]!;
        const finding = after > before === higherIsBetter(metric) ? 'better' : 'worse';
        const begun = counted[start]!;
        const at = runs.indexOf(begun);
        return [{ scenario, operation, metric, at, since: begun.run.id, before, after, finding }];
      });
    }),
  );
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
