import type { RunEnd, RunInfo } from '../model/run-info.ts';
import type { SnapshotRecord } from '../model/run-snapshot.ts';

/** The written record of one part of a run. */
export interface PartRecord {
  /** How it is called in errors and notes. */
  readonly name: string;
  readonly info: RunInfo;
  /** In their order; read once. */
  readonly snapshots: Iterable<SnapshotRecord> | AsyncIterable<SnapshotRecord>;
  /** Absent: its process was killed. */
  readonly end?: RunEnd;
}
