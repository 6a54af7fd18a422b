import { mergedTimes, type BlockData } from './block-data.ts';

/** A run may last longer than the other by this share of the common blocks, or by one block, such as by a slow last answer. */
const MOST_EXTRA = 0.1;

/**
 * Both runs in blocks of the same width and number: blocks are joined to the width of the wider ones (widths are powers of two
 * of one another), and what one run lasted longer is joined to its last common block. Undefined where a run lasted longer by
 * more than {@link MOST_EXTRA} of them and more than one.
 */
export function aligned(a: BlockData, b: BlockData): readonly [BlockData, BlockData] | undefined {
  const blockMs = Math.max(a.blockMs, b.blockMs);
  const [wideA, wideB] = [widened(a, blockMs / a.blockMs), widened(b, blockMs / b.blockMs)];
  const lengths = [wideA.requests.length, wideB.requests.length];
  const blocks = Math.min(...lengths);
  if (Math.max(...lengths) - blocks > Math.max(1, blocks * MOST_EXTRA)) return undefined;
  return [shortened(wideA, blocks), shortened(wideB, blocks)];
}

function widened(data: BlockData, factor: number): BlockData {
  if (factor === 1) return data;
  const starts = data.requests.flatMap((_, block) => (block % factor === 0 ? [block] : []));
  return { ...joined(data, starts), blockMs: data.blockMs * factor };
}

function shortened(data: BlockData, blocks: number): BlockData {
  if (data.requests.length === blocks) return data;
  return joined(
    data,
    Array.from({ length: blocks }, (_, block) => block),
  );
}

/** Joins the blocks from each start to the next. */
function joined(data: BlockData, starts: readonly number[]): BlockData {
  const groups = <T>(values: readonly T[]): T[][] =>
    starts.map((start, k) => values.slice(start, starts[k + 1] ?? values.length));
  const sums = (values: readonly number[]): number[] =>
    groups(values).map((group) => group.reduce((sum, value) => sum + value, 0));
  return {
    blockMs: data.blockMs,
    durationsMs: sums(data.durationsMs),
    requests: sums(data.requests),
    failed: sums(data.failed),
    times: groups(data.times).map(mergedTimes),
    bucketWidth: data.bucketWidth,
  };
}
