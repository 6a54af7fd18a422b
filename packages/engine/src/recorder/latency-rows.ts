import type { HistogramSnapshot } from '../model/histogram-snapshot.ts';
import { lowestValueAt } from './bucket-layout.ts';

/** Lower edge of row 0, milliseconds; faster values count in row 0. Documents hold numbers of rows, which depend on it. */
const FIRST_EDGE_MS = 0.1;
const MICROSECONDS = 1000;

/** Counts of values in rows that are equally high on a logarithmic axis. */
export interface LatencyRows {
  /** Index of the row that the first count belongs to. */
  readonly first: number;
  readonly counts: readonly number[];
}

/** Lower edge of a row in milliseconds; its upper edge is that of the next. */
export function latencyRowEdge(row: number, perDecade: number): number {
  return FIRST_EDGE_MS * 10 ** (row / perDecade);
}

/**
 * How many values of a histogram of microseconds lie in each row, with `perDecade` rows from a value to its tenfold.
 * A bucket of the histogram counts in the row of its lowest value: it is one microsecond or at most 0.1 % wide.
 */
export function latencyRows(snapshot: HistogramSnapshot, perDecade: number): LatencyRows {
  const byRow = new Map<number, number>();
  snapshot.indexes.forEach((bucket, index) => {
    const ms = Math.max(FIRST_EDGE_MS, lowestValueAt(bucket) / MICROSECONDS);
    // Rounded: the logarithm of an edge may come out just below a whole number.
    const row = Math.floor(Number((Math.log10(ms / FIRST_EDGE_MS) * perDecade).toFixed(9)));
    byRow.set(row, (byRow.get(row) ?? 0) + (snapshot.counts[index] ?? 0));
  });
  if (byRow.size === 0) return { first: 0, counts: [] };
  const first = Math.min(...byRow.keys());
  const last = Math.max(...byRow.keys());
  return { first, counts: Array.from({ length: last - first + 1 }, (_, row) => byRow.get(first + row) ?? 0) };
}
