import { isFailure, OUTCOMES } from '@jarvis-load/engine/outcome';
import type { Blocks, OperationBlocks, RunResult } from '@jarvis-load/engine/result';
import { decodeHistogram, mergeSnapshots, type HistogramSnapshot } from '@jarvis-load/engine/recorder';

const FAILED: ReadonlySet<string> = new Set(OUTCOMES.filter(isFailure));

/** What one operation did in each block of time. */
export interface BlockData {
  /** Width of a block; the last one may be shorter. */
  readonly blockMs: number;
  readonly durationsMs: readonly number[];
  readonly requests: readonly number[];
  readonly failed: readonly number[];
  /** Of good answers, in microseconds; undefined: none. */
  readonly times: readonly (HistogramSnapshot | undefined)[];
  /** Widest bucket of `times`, as a share of its values. */
  readonly bucketWidth: number;
}

/** The blocks of an operation; undefined where the document has none of it. */
export function blocksOf({ blocks }: RunResult, scenario: string, operation: string): BlockData | undefined {
  const found = blocks?.operations.find((each) => each.scenario === scenario && each.operation === operation);
  return blocks === undefined || found === undefined ? undefined : read(blocks, found);
}

/** The blocks of several operations of one run together; undefined where there are none. */
export function mergedBlocks(parts: readonly BlockData[]): BlockData | undefined {
  const [first] = parts;
  if (first === undefined) return undefined;
  const { blockMs, durationsMs } = first;
  const added = (of: (part: BlockData) => readonly number[]): number[] =>
    durationsMs.map((_, block) => parts.reduce((sum, part) => sum + of(part)[block]!, 0));
  return {
    blockMs,
    durationsMs,
    requests: added(({ requests }) => requests),
    failed: added(({ failed }) => failed),
    times: durationsMs.map((_, block) => mergedTimes(parts.map(({ times }) => times[block]))),
    bucketWidth: Math.max(...parts.map(({ bucketWidth }) => bucketWidth)),
  };
}

/** Histograms of several blocks together. */
export function mergedTimes(
  times: readonly (HistogramSnapshot | undefined)[],
): HistogramSnapshot | undefined {
  const known = times.filter((each) => each !== undefined);
  return known.length === 0 ? undefined : mergeSnapshots(known);
}

function read(
  { blockMs, durationsMs }: Blocks,
  { outcomes, histograms, bucketWidth }: OperationBlocks,
): BlockData {
  const columns = Object.entries(outcomes);
  const sum = (block: number, wanted: (outcome: string) => boolean): number =>
    columns.reduce((total, [outcome, counts]) => total + (wanted(outcome) ? (counts[block] ?? 0) : 0), 0);
  return {
    blockMs,
    durationsMs,
    requests: durationsMs.map((_, block) => sum(block, () => true)),
    failed: durationsMs.map((_, block) => sum(block, (outcome) => FAILED.has(outcome))),
    times: durationsMs.map((_, block) => {
      const encoded = histograms[block];
      return encoded === null || encoded === undefined ? undefined : decodeHistogram(encoded);
    }),
    bucketWidth,
  };
}
