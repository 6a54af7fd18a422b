import { isDeepStrictEqual } from 'node:util';
import { IntervalMerger, type PartInterval } from '../aggregation/merge-intervals.ts';
import { partOfRecord } from '../aggregation/part-of-record.ts';
import { readSnapshot } from '../aggregation/read-part.ts';
import { RunRecord } from '../aggregation/run-record.ts';
import type { ResultNote, RunResult } from '../document/schema.ts';
import type { RunEnd, RunInfo } from '../model/run-info.ts';
import { WHOLE_RUN } from '../plan/count-of-part.ts';
import { PartAborts } from './part-aborts.ts';
import { PartReading } from './part-reading.ts';
import { invalid } from './record-format.ts';
import type { PartRecord } from './part-record.ts';

/*
 * Must hold:
 * - The caller has read each part by itself (`Replay`): a gap or another order of its snapshots is not noticed here.
 * - Scenarios, operations, metrics, thresholds, objectives and, without `ownSeeds`, the seed of all parts are compared. Threads add
 *   up, notes are those of all; everything else of the head (judging, config, environment) is that of the first part.
 * - Iterators that were opened are ended on every path, so the files behind them are closed.
 */

export interface MergeRecordsOptions {
  /**
   * Each part has a seed of its own: its users were given to it while it ran, such as by a Locust master. Parts of one
   * schedule have one seed. @default false
   */
  readonly ownSeeds?: boolean;
}

/** Tolerance for the jitter of interval ends, in milliseconds. */
const GRAIN_MS = 10;

/**
 * One document of the parts of one run, exactly as if their threads had been in one process: counts and histograms are
 * added second by second, thresholds, objectives and verdict are judged on the sums; but a threshold that ended a part has the
 * outcome that it had there (`PartAborts`). All parts are read at once, a second of each is kept.
 * @param parts at least one; their clocks are aligned by whole seconds
 * @throws EngineError `invalid-snapshot` for no parts, parts of different runs, or a part without a snapshot
 */
export async function mergeRecords(
  runId: string,
  parts: readonly PartRecord[],
  { ownSeeds = false }: MergeRecordsOptions = {},
): Promise<RunResult> {
  const [first, ...others] = parts;
  if (first === undefined) throw invalid('a run', 'there are no parts');
  for (const other of others) refuseOtherRun(first, other, ownSeeds);
  const { part: _part, ...basis } = first.info;
  const record = new RunRecord(
    {
      ...basis,
      target: withoutClock(basis.target),
      runId,
      threads: parts.reduce((sum, { info }) => sum + info.threads, 0),
      notes: distinct(parts.flatMap(({ info }) => info.notes)),
    },
    {
      machines: parts.map(({ name, end }) => ({ part: name, machineCpuShare: end?.machineCpuShare ?? null })),
      schedule: parts.map(({ info }) => partOfRecord(info) ?? WHOLE_RUN),
    },
  );
  const readers: PartReading[] = [];
  const aborts = new PartAborts(parts);
  try {
    for (const part of parts) readers.push(await PartReading.open(part));
    await mergeSeconds(record, parts, readers, aborts);
  } finally {
    await Promise.all(readers.map((reader) => reader.close()));
  }
  // Of a killed part, what had started and not ended.
  if (parts.some(({ end }) => end === undefined)) record.interrupt();
  record.keepAborts(aborts.outcomes);
  const result = record.result(endOf(parts));
  const isOneSeed = others.every(({ info }) => info.seed === first.info.seed);
  return isOneSeed ? result : { ...result, run: { ...result.run, seed: null } };
}

/** Gives the record one interval for each second in which a part has one. */
async function mergeSeconds(
  record: RunRecord,
  parts: readonly PartRecord[],
  readers: readonly PartReading[],
  aborts: PartAborts,
): Promise<void> {
  const startWallMs = Math.min(...readers.map((reader) => reader.startWallMs));
  const ofSchedule = parts.every(({ info }) => partOfRecord(info) !== undefined);
  const merger = new IntervalMerger(record.run, ofSchedule);
  const late = readers.map((reader) => Math.round((reader.startWallMs - startWallMs) / 1000));
  const secondOf = (reader: PartReading, part: number): number =>
    reader.next === undefined
      ? Number.POSITIVE_INFINITY
      : Math.floor((reader.next.startMs + GRAIN_MS) / 1000) + late[part]!;
  for (let isLast = false; !isLast;) {
    const second = Math.min(...readers.map(secondOf));
    const intervals: PartInterval[] = [];
    let firstThread = 0;
    for (const [part, reader] of readers.entries()) {
      if (reader.next === undefined) merger.end(part);
      while (secondOf(reader, part) <= second) {
        aborts.add(part, reader.next!);
        const interval = readSnapshot(record.run, reader.next!);
        intervals.push({ part, interval, lateSeconds: late[part]!, firstThread });
        await reader.advance();
      }
      firstThread += parts[part]!.info.threads;
    }
    isLast = readers.every(({ next }) => next === undefined);
    record.add(merger.merge(intervals, startWallMs, isLast));
  }
}

/** What a part knew of its own clock does not hold for the whole. */
function withoutClock({ clockAheadMs: _part, ...target }: RunInfo['target']): RunInfo['target'] {
  return target;
}

function refuseOtherRun(a: PartRecord, b: PartRecord, ownSeeds: boolean): void {
  const facts = ({ info }: PartRecord) => ({
    scenarios: info.scenarios,
    operations: info.operations,
    metrics: info.metrics,
    thresholds: info.thresholds,
    objectives: info.objectives,
    seed: ownSeeds ? null : info.seed,
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

/** Of parts that ended in different ways, the first of these is the end of the run: what makes a run not valid comes first. */
const WORST_FIRST = [
  'interrupted',
  'error',
  'setup-failed',
  'aborted',
  'circuit-breaker',
  'threshold',
  'stopped',
] as const satisfies readonly RunEnd['end']['kind'][];

function worstEnd(parts: readonly PartRecord[]): RunEnd['end'] {
  const killed = parts.find(({ end }) => end === undefined);
  if (killed !== undefined)
    return { kind: 'interrupted', reason: `${killed.name} has no end: it was killed` };
  for (const kind of WORST_FIRST) {
    const part = parts.find(({ end }) => end?.end.kind === kind);
    const reason = part?.end?.end.reason;
    if (part !== undefined)
      return { kind, reason: `${part.name}${reason === undefined ? '' : `: ${reason}`}` };
  }
  return { kind: 'completed' };
}

function endOf(parts: readonly PartRecord[]): RunEnd {
  const ends = parts.flatMap(({ end }) => end ?? []);
  return {
    end: worstEnd(parts),
    pausedMs: Math.max(0, ...ends.map(({ pausedMs }) => pausedMs)),
    warmUpRequests: ends.reduce((sum, { warmUpRequests }) => sum + warmUpRequests, 0),
    cpuSeconds:
      parts.every(({ end }) => end !== undefined) && ends.every(({ cpuSeconds }) => cpuSeconds !== null)
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
