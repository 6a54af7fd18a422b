import type { HistogramSnapshot } from '../model/histogram-snapshot.ts';
import type { SnapshotRecord } from '../model/run-snapshot.ts';
import { BUCKET_COUNT } from '../recorder/bucket-layout.ts';

type Intended = SnapshotRecord['intended'];
type Operations = SnapshotRecord['delta']['operations'];

/**
 * The response times of an interval, by the second of their intended start, are those of its operations: one second follows from
 * the others, but for its exact minimum and maximum. It is a tenth of what a record would hold.
 *
 * Must hold: the writer leaves out this second only, and stores place, second, minimum and maximum; the reader computes it with
 * {@link restOf} from the same operations. Both are part of `RECORD_FORMAT`.
 *
 * @returns the place of the second with the most values; undefined where it does not follow, or there is none
 */
export function placeOfRest(intended: Intended, operations: Operations): number | undefined {
  let place = 0;
  intended.forEach(([, { count }], index) => {
    if (count > intended[place]![1].count) place = index;
  });
  const [, wanted] = intended[place] ?? [];
  if (wanted === undefined) return undefined;
  const rest = restOf(operations, intended.toSpliced(place, 1), wanted.min, wanted.max);
  return rest !== undefined && isSame(rest, wanted) ? place : undefined;
}

/** By bucket; zeros between two calls. A new one each second, 184 KiB, would be work for the garbage collector. */
const LEFT = new Float64Array(BUCKET_COUNT);

/**
 * The response times of the operations without those of the seconds that are known.
 * @returns undefined where these have others
 */
export function restOf(
  operations: Operations,
  known: Intended,
  min: number,
  max: number,
): HistogramSnapshot | undefined {
  const left = LEFT;
  let [first, end, sum, clamped] = [BUCKET_COUNT, 0, 0, 0];
  const add = (histogram: HistogramSnapshot, sign: 1 | -1): void => {
    const { indexes, counts } = histogram;
    for (let k = 0; k < indexes.length; k++) left[indexes[k]!]! += sign * counts[k]!;
    first = Math.min(first, indexes[0] ?? first);
    end = Math.max(end, (indexes.at(-1) ?? -1) + 1);
    sum += sign * histogram.sum;
    clamped += sign * histogram.clamped;
  };
  for (const { response } of operations) for (const times of Object.values(response)) add(times, 1);
  for (const [, times] of known) add(times, -1);
  const indexes: number[] = [];
  const counts: number[] = [];
  let [count, isPossible] = [0, true];
  for (let index = first; index < end; index++) {
    const own = left[index]!;
    if (own === 0) continue;
    isPossible &&= own > 0;
    indexes.push(index);
    counts.push(own);
    count += own;
  }
  left.fill(0, first, end);
  if (!isPossible) return undefined;
  return {
    indexes: Uint32Array.from(indexes),
    counts: Float64Array.from(counts),
    count,
    sum,
    min,
    max,
    clamped,
  };
}

function isSame(a: HistogramSnapshot, b: HistogramSnapshot): boolean {
  if (a.count !== b.count || a.sum !== b.sum || a.clamped !== b.clamped) return false;
  if (a.indexes.length !== b.indexes.length) return false;
  return a.indexes.every((index, k) => index === b.indexes[k] && a.counts[k] === b.counts[k]);
}
