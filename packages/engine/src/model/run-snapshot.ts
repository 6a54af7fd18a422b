import type { ObjectiveResult, ResultNote, ThresholdResult } from '../document/schema.ts';
import type { IntervalEvent, PhaseEvent, Progress } from './events.ts';
import type { HistogramSnapshot } from './histogram-snapshot.ts';
import type { SteeringChange } from './steering.ts';
import type { SnapshotPart } from './snapshot-part.ts';
import type { ThreadHealthSample } from './thread-interval.ts';

/*
 * `SnapshotRecord`, a part of the written record, and `RunSnapshot`, which outputs get.
 *
 * Must hold:
 * - The record of a run is its `RunInfo`, these records and its `RunEnd`, nothing else; `RunSnapshot` adds what follows from it.
 * - A new field of a record also goes into `recordOf` and `packSnapshot` (`replay/serialize-snapshot.ts`), `parse-snapshot.ts`
 *   beside them, and `IntervalMerger` (`aggregation/merge-intervals.ts`). The compiler never asks for it in `packSnapshot`, and
 *   nowhere for an optional field. Earlier journals lack it: it is read as optional, or `RECORD_FORMAT` rises.
 */

/** Health of one generator thread, since the start of the run unless said otherwise. */
export interface ThreadHealth extends ThreadHealthSample {
  readonly thread: number;
}

/** Health of the generator. Null where the system tells nothing, and on a virtual clock. */
export interface HealthNow {
  /** Threads that reported in this interval. */
  readonly threads: readonly ThreadHealth[];
  /** Event-loop utilisation of the busiest thread in this interval, 0 to 1. */
  readonly eventLoopUtilization: number;
  /** CPU time of this process since the start of the run. */
  readonly cpuSeconds: number | null;
  /** Busy share of all processors since the start of the run, 0 to 1. */
  readonly machineCpuShare: number | null;
  /** Memory of this process now. */
  readonly rssBytes: number | null;
  readonly warmUpRequests: number;
}

/** What the machine did to the run in one interval. null: not available on this system. */
export interface MachineSecond {
  readonly durationMs: number;
  /** Threads of the generator and of the watched processes, added up. */
  readonly runMs: number | null;
  readonly waitMs: number | null;
  /** Of each process, the waiting of the thread that waited longest, added up over the processes. */
  readonly longestWaitMs: number | null;
  /** Held by a quota, at most `durationMs`. */
  readonly throttledMs: number | null;
  /** Taken by the hypervisor, added up over the processors. */
  readonly stolenMs: number | null;
  /** Of the processor time that the machine wanted, the part that the hypervisor took. */
  readonly stealShare: number | null;
  /** Part of the interval in which some thread of the machine waited for a processor. */
  readonly pressureShare: number | null;
}

/** The machine in one interval. */
export interface MachineNow {
  readonly second: MachineSecond;
  /** Processor time of each process since the start of the run, and its waiting for it, in milliseconds. */
  readonly processes: readonly { readonly name: string; readonly runMs: number; readonly waitMs: number }[];
}

/** A threshold as it stands. */
export interface ThresholdNow extends ThresholdResult {
  /** Share of the limit that is left; negative when failed; null without a value, or where no share can be given. */
  readonly margin: number | null;
}

/**
 * What one interval adds to the record of a run: what `serializeSnapshot` writes and `replay` reads.
 */
export interface SnapshotRecord {
  /** 0-based. */
  readonly index: number;
  /** Start of the interval, milliseconds since the start of the run's clock. */
  readonly startMs: number;
  /** Its end, likewise. */
  readonly endMs: number;
  /** Start of the run's clock, milliseconds since the epoch: `startWallMs + endMs` is the time of this snapshot. */
  readonly startWallMs: number;
  /** No snapshot follows. */
  readonly last: boolean;
  /** `drain` once the run is ending. */
  readonly phase: Extract<PhaseEvent['phase'], 'run' | 'drain'>;
  /** Whether the run is paused now. */
  readonly paused: boolean;
  /** How long the run has been paused in all. */
  readonly pausedMs: number;
  /** Exactly what came in with this interval; what a late thread measured comes with a later one. */
  readonly delta: SnapshotPart;
  /** Response times of this interval by the second of their intended start, over all operations. */
  readonly intended: readonly (readonly [second: number, times: HistogramSnapshot])[];
  /** Of the generator. */
  readonly health: HealthNow;
  /** What the machine did to the run; null on a virtual clock. */
  readonly machine: MachineNow | null;
  /** Notes of the document that are new since the last snapshot. */
  readonly notes: readonly ResultNote[];
  /** Changes of users and rates by the caller since the last snapshot. */
  readonly steering: readonly SteeringChange[];
}

/**
 * The run at the end of an interval. Each property is computed when it is first read, and then kept: read what you need
 * during `interval()`. A property that was not read by then cannot be read later: it throws.
 */
export interface RunSnapshot extends SnapshotRecord {
  /** Where the run is in its plan. */
  readonly progress: Progress;
  /** The same sums as an event of `onEvent`. */
  readonly summary: IntervalEvent;
  /** The run so far. */
  readonly total: SnapshotPart;
  /** Thresholds of scenarios and of the run, in the order of `RunInfo.thresholds`, judged over the run so far. */
  readonly thresholds: readonly ThresholdNow[];
  /** Objectives judged over the run so far. */
  readonly objectives: readonly ObjectiveResult[];
}
