import type { CompiledRun } from '../model/compiled-run.ts';
import type { MachineSecond } from '../model/run-snapshot.ts';
import type { Histogram } from '../recorder/histogram.ts';
import { Measures } from '../recorder/measures.ts';
import type { ScenarioMeasures } from '../recorder/scenario-measures.ts';
import { BlockRecorder } from '../result/blocks.ts';
import { ErrorGroups } from '../result/error-groups.ts';
import { SeriesRecorder } from '../result/series.ts';
import type { LoadTime, MergedInterval } from './merged-interval.ts';

/** Sums of a run over its intervals, and its series. `RunRecord` alone adds to it: each interval once, in the order of time. */
export class RunTotals {
  readonly total: Measures;
  readonly errors = new ErrorGroups();
  readonly series = new SeriesRecorder();
  readonly blocks: BlockRecorder;

  constructor(run: CompiledRun) {
    this.total = new Measures(run);
    this.blocks = new BlockRecorder(run);
  }

  /** Response times of the run so far, over everything. */
  get overall(): Histogram {
    return this.series.overall;
  }

  /** @param machine what the machine did in the interval; `undefined`: not measured */
  add(merged: MergedInterval, machine: MachineSecond | undefined): void {
    const { total } = this;
    const { measures, loads, startMs, endMs } = merged;
    total.add(measures);
    measures.scenarios.forEach((scenario, index) => {
      const sums = total.scenarios[index]!;
      noteUsersUnderLoad(sums, scenario, loads[index]!, startMs, endMs);
      sums.setUsers(scenario);
      sums.loadMs = Math.max(sums.loadMs, loads[index]!.loadMs);
      sums.loadUserMs += loads[index]!.loadUserMs;
    });
    total.durationMs = endMs;
    this.errors.add(merged.errors, merged.exceptions, merged.errorsNotKept);
    this.series.add(measures, total, startMs, endMs, merged.intended, machine);
    this.blocks.add(measures, startMs, endMs);
  }
}

/** With load for less than this share of an interval, the load ended in it. */
const WHOLE = 0.999;

/**
 * Sets `lastUsers` of the interval, and of the run so far. The last interval is collected after all users have left: where the
 * load ended in an interval, it is the mean over the load in it. Of arrivals no mean is known: the number before that interval stands,
 * in a run of one interval their peak. An interval with little load has none of its own.
 * @param sums of the run before the interval
 */
function noteUsersUnderLoad(
  sums: ScenarioMeasures,
  interval: ScenarioMeasures,
  { loadMs, loadUserMs }: LoadTime,
  startMs: number,
  endMs: number,
): void {
  const loadedMs = loadMs - sums.loadMs;
  const isFirst = Number.isNaN(sums.lastLoadMs);
  if (!(loadedMs > 0) || (!isFirst && loadedMs < (endMs - startMs) / 2)) return;
  const hasNoMean = loadUserMs === 0 && interval.targetUsers === 0;
  const isEmpty = hasNoMean && interval.users === 0 && loadedMs < WHOLE * (endMs - startMs);
  if (isEmpty && !isFirst) return;
  const isOn = interval.targetUsers > 0 || (hasNoMean && !isEmpty);
  const mean = hasNoMean ? interval.maxUsers : Math.round(loadUserMs / loadedMs);
  interval.lastUsers = sums.lastUsers = isOn ? interval.users : Math.min(mean, interval.maxUsers);
  interval.lastLoadMs = sums.lastLoadMs = endMs;
}
