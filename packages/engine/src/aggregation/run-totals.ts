import type { CompiledRun } from '../model/compiled-run.ts';
import type { MachineSecond } from '../model/run-snapshot.ts';
import type { Histogram } from '../recorder/histogram.ts';
import { Measures } from '../recorder/measures.ts';
import { BlockRecorder } from '../result/blocks.ts';
import { ErrorGroups } from '../result/error-groups.ts';
import { SeriesRecorder } from '../result/series.ts';
import type { MergedInterval } from './merged-interval.ts';

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
