import { isBusy, leastRunsOfChange, type Tolerance } from '@jarvis-load/compare';
import { formatCount, type OperationStats, type RunResult } from '@jarvis-load/engine/result';

/** Operations that the remark names. */
const MOST_NAMED = 5;

/** What waiting for a processor took out of a history. */
export interface BusyRuns {
  /** Whether response times and throughput of a run do not count. @param stats of an operation; the totals unless given */
  readonly isBusy: (run: RunResult, stats?: OperationStats) => boolean;
  /** Runs whose totals count. */
  readonly counted: number;
  /** Fewest runs in which a change shows. */
  readonly least: number;
  /** Operations of which too few runs count for a change to show, where those of the totals are enough. Unescaped. */
  readonly untold: readonly string[];
  /** Unescaped sentences for the notes. */
  readonly remarks: readonly string[];
}

/**
 * Which runs of a history do not count, for the totals and for each operation: what waiting adds is much beside a short response and
 * little beside a long one.
 * @param tolerance of p50, as `changesOver` had it
 */
export function busyRuns(
  runs: readonly RunResult[],
  nameOf: (operation: { readonly scenario: string; readonly operation: string }) => string,
  tolerance: Tolerance,
): BusyRuns {
  const busy = (run: RunResult, stats?: OperationStats): boolean => isBusy(run, stats, tolerance);
  const ofTotals = runs.map((run) => busy(run));
  const count = ofTotals.filter(Boolean).length;
  const others = (runs[0]?.operations ?? []).flatMap(({ scenario, operation }) => {
    const own = runs.map((run) =>
      run.operations.find((each) => each.scenario === scenario && each.operation === operation),
    );
    // Its changes are not looked for.
    if (own.includes(undefined)) return [];
    const ofRuns = runs.map((run, index) => busy(run, own[index]));
    const name = nameOf({ scenario, operation });
    return ofRuns.some((each, index) => each !== ofTotals[index])
      ? [{ name, count: ofRuns.filter(Boolean).length }]
      : [];
  });
  const least = leastRunsOfChange(runs, tolerance);
  const all = formatCount(runs.length);
  const named = others
    .slice(0, MOST_NAMED)
    .map((each) => `${each.name} (${formatCount(each.count)} of ${all})`);
  const more = others.length - named.length;
  return {
    isBusy: busy,
    counted: runs.length - count,
    least,
    untold: others.filter((each) => runs.length - each.count < least).map(({ name }) => name),
    remarks: [
      ...(count === 0
        ? []
        : [
            `${formatCount(count)} of ${all} runs marked "busy": the machine was short of processor time, so that their response times and throughput do not count.`,
          ]),
      ...(others.length === 0
        ? []
        : [
            `Runs that do not count for single operations, whose response times are shorter or longer than those of the total: ${named.join(', ')}${more === 0 ? '' : ` and ${formatCount(more)} more`}.`,
          ]),
    ],
  };
}
