import { isDeepStrictEqual } from 'node:util';
import { IntervalMerger, type PartInterval } from '../aggregation/merge-intervals.ts';
import { readSnapshot } from '../aggregation/read-part.ts';
import { RunRecord } from '../aggregation/run-record.ts';
import type { ResultNote, RunResult } from '../document/schema.ts';
import type { RunEnd, RunInfo } from '../model/run-info.ts';
import type { SnapshotRecord } from '../model/run-snapshot.ts';
import { invalid } from './record-format.ts';

/** The written record of one part of a run. */
export interface PartRecord {
  /** How it is called in errors and notes. */
  readonly name: string;
  readonly info: RunInfo;
  readonly snapshots: readonly SnapshotRecord[];
  /** Absent: its process was killed. */
  readonly end?: RunEnd;
}

/** Tolerance for the jitter of interval ends, in milliseconds. */
const GRAIN_MS = 10;

/**
 * One document of the parts of one run, exactly as if their threads had been in one process: counts and histograms are
 * added second by second, thresholds, objectives and verdict are judged on the sums.
 * @param parts at least one; their clocks are aligned by whole seconds
 * @throws EngineError `invalid-snapshot` for parts of different runs, or a part without a snapshot
 */
export function mergeRecords(runId: string, parts: readonly PartRecord[]): RunResult {
  const [first, ...others] = parts;
  if (first === undefined) throw invalid('a run', 'there are no parts');
  for (const other of others) refuseOtherRun(first, other);
  const record = new RunRecord(
    {
      ...first.info,
      target: withoutClock(first.info.target),
      runId,
      threads: parts.reduce((sum, { info }) => sum + info.threads, 0),
      notes: distinct(parts.flatMap(({ info }) => info.notes)),
    },
    parts.map(({ name, end }) => ({ part: name, machineCpuShare: end?.machineCpuShare ?? null })),
  );
  const starts = parts.map(startOf);
  const startWallMs = Math.min(...starts);
  const bySecond = new Map<number, PartInterval[]>();
  let firstThread = 0;
  parts.forEach(({ info, snapshots }, part) => {
    const lateSeconds = Math.round((starts[part]! - startWallMs) / 1000);
    for (const snapshot of snapshots) {
      const second = Math.floor((snapshot.startMs + GRAIN_MS) / 1000) + lateSeconds;
      const own = bySecond.get(second) ?? [];
      bySecond.set(second, own);
      own.push({ part, interval: readSnapshot(record.run, snapshot), lateSeconds, firstThread });
    }
    firstThread += info.threads;
  });
  const merger = new IntervalMerger(record.run);
  const seconds = [...bySecond].sort(([a], [b]) => a - b);
  seconds.forEach(([, intervals], index) => {
    record.add(merger.merge(intervals, startWallMs, index === seconds.length - 1));
  });
  // Of a killed part, what had started and not ended.
  if (parts.some(({ end }) => end === undefined)) record.interrupt();
  return record.result(endOf(parts));
}

/** What a part knew of its own clock does not hold for the whole. */
function withoutClock({ clockAheadMs: _part, ...target }: RunInfo['target']): RunInfo['target'] {
  return target;
}

function startOf({ name, snapshots }: PartRecord): number {
  const [first] = snapshots;
  if (first === undefined) throw invalid(name, 'it has no snapshot: its load did not begin');
  return first.startWallMs;
}

function refuseOtherRun(a: PartRecord, b: PartRecord): void {
  const facts = ({ info }: PartRecord) => ({
    scenarios: info.scenarios,
    operations: info.operations,
    metrics: info.metrics,
    thresholds: info.thresholds,
    objectives: info.objectives,
    seed: info.seed,
  });
  const [mine, theirs] = [facts(a), facts(b)];
  const other = Object.keys(mine).find(
    (key) => !isDeepStrictEqual(mine[key as keyof typeof mine], theirs[key as keyof typeof mine]),
  );
  if (other === undefined) return;
  throw invalid(
    b.name,
    `its ${other} is not that of ${a.name}: parts of one run have the same settings and seed`,
  );
}

function endOf(parts: readonly PartRecord[]): RunEnd {
  const ends = parts.flatMap(({ end }) => end ?? []);
  const killed = parts.find(({ end }) => end === undefined);
  const early = parts.find(({ end }) => end !== undefined && end.end.kind !== 'completed');
  return {
    end:
      killed !== undefined
        ? { kind: 'interrupted', reason: `${killed.name} has no end: it was killed` }
        : early?.end === undefined
          ? { kind: 'completed' }
          : {
              kind: early.end.end.kind,
              reason: `${early.name}${early.end.end.reason === undefined ? '' : `: ${early.end.end.reason}`}`,
            },
    pausedMs: Math.max(0, ...ends.map(({ pausedMs }) => pausedMs)),
    warmUpRequests: ends.reduce((sum, { warmUpRequests }) => sum + warmUpRequests, 0),
    cpuSeconds: ends.every(({ cpuSeconds }) => cpuSeconds !== null)
      ? ends.reduce((sum, { cpuSeconds }) => sum + (cpuSeconds ?? 0), 0)
      : null,
    machineCpuShare: null,
    exceptions: ends.flatMap(({ exceptions }) => exceptions),
    notes: distinct(ends.flatMap(({ notes }) => notes)),
  };
}

function distinct(notes: readonly ResultNote[]): ResultNote[] {
  return [...new Map(notes.map((note) => [`${note.code} ${note.text}`, note])).values()];
}
