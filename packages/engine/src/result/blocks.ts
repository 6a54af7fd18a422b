import { OUTCOMES } from '../outcome.ts';
import { COARSEST_SHIFT, coarsen, FINEST_SHIFT, widthAt } from '../recorder/coarsen.ts';
import { encodeHistogram } from '../recorder/hdr-encoding.ts';
import { mergeSnapshots } from '../recorder/histogram-snapshot.ts';
import type { HistogramSnapshot } from '../model/histogram-snapshot.ts';
import type { RecordedRun } from '../model/compiled-run.ts';
import type { Measures } from '../recorder/measures.ts';
import type { Blocks, OperationBlocks } from '../document/schema.ts';

const MAX_BLOCKS = 60;
const FIRST_BLOCK_MS = 1000;
/** Resolution of timers: an interval may start that much before its whole second. */
const GRAIN_MS = 10;
/** Most characters of the histograms of one operation, so that those of twelve stay below 1 MB. */
const MOST_CHARACTERS = 80_000;
const OK = OUTCOMES.indexOf('ok');

interface OperationBlock {
  readonly outcomes: Float64Array;
  /** Response times of answers with outcome ok. */
  ok: HistogramSnapshot | undefined;
}

interface Block {
  readonly startMs: number;
  endMs: number;
  /** By index of the operation; absent: no request. */
  readonly operations: Map<number, OperationBlock>;
}

/**
 * The run in blocks of time, per operation: what a comparison of two runs resamples. Requests of one run depend on each
 * other (queues), so its uncertainty shows only between pieces of time. Blocks are 1 s wide, then 2 s, 4 s and so on, as
 * the bins of the series are, so that there are at most 60.
 *
 * Must hold: blocks join and widen as the bins of `SeriesRecorder` do (series.ts): change both together. The caller grows the measures
 * of an interval to the operations of the run before `add`. Histograms are coarsened: their sum, minimum and maximum are those of
 * buckets.
 */
export class BlockRecorder {
  readonly #run: RecordedRun;
  #blockMs = FIRST_BLOCK_MS;
  #blocks: Block[] = [];

  /** @param run may gain operations while intervals are added */
  constructor(run: RecordedRun) {
    this.#run = run;
  }

  add(interval: Measures, startMs: number, endMs: number): void {
    const last = this.#blocks.at(-1);
    // As in the series: the last fraction of a second belongs to the block before it.
    const fraction = endMs - startMs < FIRST_BLOCK_MS / 2;
    const block =
      last !== undefined && (fraction || this.#numberOf(startMs) === this.#numberOf(last.startMs))
        ? last
        : newBlock(startMs);
    if (block !== last) this.#blocks.push(block);
    block.endMs = endMs;
    addInterval(block, interval);
    while (this.#blocks.length > MAX_BLOCKS) this.#widen();
  }

  /** Adds requests that ended in an already closed second. */
  addLate(interval: Measures, startMs: number): void {
    const block = this.#blocks.findLast((each) => each.startMs <= startMs) ?? this.#blocks[0];
    if (block !== undefined) addInterval(block, interval);
  }

  /** Undefined where there was no request. */
  result(): Blocks | undefined {
    const operations = this.#run.operations.flatMap(({ index, scenario, operation }) => {
      const parts = this.#blocks.map((block) => block.operations.get(index));
      return parts.some((part) => part !== undefined)
        ? [{ scenario, operation: operation.name, ...columnsOf(parts) }]
        : [];
    });
    if (operations.length === 0) return undefined;
    const durationsMs = this.#blocks.map(({ startMs, endMs }) => endMs - startMs);
    return { blockMs: this.#blockMs, durationsMs, operations };
  }

  #numberOf(startMs: number): number {
    return Math.floor((startMs + GRAIN_MS) / this.#blockMs);
  }

  #widen(): void {
    this.#blockMs *= 2;
    const wide: Block[] = [];
    for (const block of this.#blocks) {
      const last = wide.at(-1);
      if (last === undefined || this.#numberOf(block.startMs) !== this.#numberOf(last.startMs)) {
        wide.push(block);
        continue;
      }
      last.endMs = block.endMs;
      for (const [index, { outcomes, ok }] of block.operations) addCounts(last, index, outcomes, ok);
    }
    this.#blocks = wide;
  }
}

function newBlock(startMs: number): Block {
  return { startMs, endMs: startMs, operations: new Map() };
}

function addInterval(block: Block, { run, operations }: Measures): void {
  for (const { index } of run.operations) {
    const { requests, outcomes, response } = operations[index]!;
    if (requests > 0) addCounts(block, index, outcomes, response[OK]?.snapshot());
  }
}

function addCounts(
  block: Block,
  index: number,
  outcomes: Float64Array,
  times: HistogramSnapshot | undefined,
): void {
  const ok = times === undefined || times.count === 0 ? undefined : coarsen(times, FINEST_SHIFT);
  const mine = block.operations.get(index);
  if (mine === undefined) {
    block.operations.set(index, { outcomes: outcomes.slice(), ok });
    return;
  }
  outcomes.forEach((count, outcome) => (mine.outcomes[outcome]! += count));
  if (ok !== undefined) mine.ok = mine.ok === undefined ? ok : mergeSnapshots([mine.ok, ok]);
}

function columnsOf(
  parts: readonly (OperationBlock | undefined)[],
): Pick<OperationBlocks, 'outcomes' | 'bucketWidth' | 'histograms'> {
  const counts = OUTCOMES.flatMap((outcome, index) => {
    const column = parts.map((part) => part?.outcomes[index] ?? 0);
    return column.some((count) => count > 0) ? [[outcome, column] as const] : [];
  });
  return { outcomes: Object.fromEntries(counts), ...encodeWithin(parts.map((part) => part?.ok)) };
}

/** Encodes at the finest resolution that fits; at the coarsest where none does. */
function encodeWithin(
  times: readonly (HistogramSnapshot | undefined)[],
): Pick<OperationBlocks, 'bucketWidth' | 'histograms'> {
  for (let shift = FINEST_SHIFT; ; shift++) {
    const histograms = times.map((each) =>
      each === undefined ? null : encodeHistogram(coarsen(each, shift)),
    );
    const characters = histograms.reduce((sum, each) => sum + (each?.length ?? 0), 0);
    if (characters <= MOST_CHARACTERS || shift >= COARSEST_SHIFT) {
      return { bucketWidth: widthAt(shift), histograms };
    }
  }
}
