import type { HistogramSnapshot } from '../model/histogram-snapshot.ts';
import type { SnapshotRecord } from '../model/run-snapshot.ts';
import type { ErrorInterval, ExceptionInterval } from '../model/thread-interval.ts';
import type { MachineShare } from '../machine/run-machine.ts';
import type { Measures } from '../recorder/measures.ts';

/** Time in which iterations of a scenario started. */
export interface LoadTime {
  /**
   * Cumulative, from the start of the executor to the end of the interval, without pauses; of several threads the largest:
   * totals take the largest one.
   */
  readonly loadMs: number;
  /** Active users times milliseconds in that time, of this interval alone: totals add it up. */
  readonly loadUserMs: number;
}

/** One interval of all threads, as measures. Times are milliseconds since the start of the run. */
export interface MergedInterval {
  readonly startMs: number;
  readonly endMs: number;
  readonly measures: Measures;
  /** By scenario index. */
  readonly loads: readonly LoadTime[];
  readonly errors: readonly ErrorInterval[];
  readonly errorsNotKept: number;
  readonly exceptions: readonly ExceptionInterval[];
  /** Response times by the second of their intended start. */
  readonly intended: readonly (readonly [second: number, times: HistogramSnapshot])[];
}

/** What the record of a run takes: an interval, and what else was known at its end. */
export interface RecordedInterval
  extends MergedInterval, Omit<SnapshotRecord, 'delta' | 'intended' | 'startMs' | 'endMs' | 'health'> {
  readonly health: Pick<SnapshotRecord['health'], 'threads' | 'rssBytes'>;
  /** Of a merged run: what each part did. */
  readonly shares?: readonly MachineShare[];
}
