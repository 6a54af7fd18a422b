import { highestValueAt } from './bucket-layout.ts';
import { Histogram } from './histogram.ts';
import type { HistogramSnapshot } from '../model/histogram-snapshot.ts';

/** Lines for each halving of the distance to 100 %: HdrHistogram's own default. */
const TICKS_PER_HALF_DISTANCE = 5;
const BUCKETS = 22;
const SUB_BUCKETS = 2048;

/**
 * Percentile distribution as HdrHistogram prints it, `.hgrm` (AbstractHistogram.outputPercentileDistribution), in
 * milliseconds, as its public plotters expect. The highest value is the exact maximum.
 */
export function formatPercentiles(snapshot: HistogramSnapshot): string {
  const histogram = new Histogram();
  histogram.addSnapshot(snapshot);
  const max = histogram.max ?? 0;
  const ms = (us: number): string => (us / 1000).toFixed(3);
  const lines = ['       Value     Percentile TotalCount 1/(1-Percentile)', ''];

  for (const { percentile, index, upTo } of percentileSteps(snapshot)) {
    const value = ms(Math.min(highestValueAt(index), max)).padStart(12);
    const line = `${value} ${share(percentile)} ${String(upTo).padStart(10)}`;
    lines.push(percentile === 100 ? line : `${line} ${(1 / (1 - percentile / 100)).toFixed(2).padStart(14)}`);
  }

  const twelve = (text: string): string => text.padStart(12);
  lines.push(
    `#[Mean    = ${twelve(ms(histogram.mean ?? 0))}, StdDeviation   = ${twelve(ms(histogram.stdDev ?? 0))}]`,
    `#[Max     = ${twelve(ms(max))}, Total count    = ${twelve(String(histogram.count))}]`,
    `#[Buckets = ${twelve(String(BUCKETS))}, SubBuckets     = ${twelve(String(SUB_BUCKETS))}]`,
    '',
  );
  return lines.join('\n');
}

/** Rounds the decimal digits half up, as Java does; `toFixed` rounds the binary number, and 0.9997802734375 down. */
function share(percentile: number): string {
  return (Math.round(Number(`${percentile / 100}e12`)) / 1e12).toFixed(12);
}

interface PercentileStep {
  /** 0 to 100. */
  readonly percentile: number;
  /** The bucket that reaches it. */
  readonly index: number;
  /** Values up to and in that bucket. */
  readonly upTo: number;
}

/** HdrHistogram's PercentileIterator: equal steps within each halving of the distance to 100 %, then 100 %. */
function* percentileSteps({ indexes, counts, count }: HistogramSnapshot): Generator<PercentileStep> {
  let percentile = 0;
  let upTo = 0;
  for (let k = 0; k < indexes.length; k++) {
    const index = indexes[k]!;
    upTo += counts[k]!;
    while ((100 * upTo) / count >= percentile) {
      yield { percentile, index, upTo };
      if (upTo === count) {
        if (percentile < 100) yield { percentile: 100, index, upTo };
        return;
      }
      const halvings = Math.trunc(Math.log2(100 / (100 - percentile))) + 1;
      percentile += 100 / (TICKS_PER_HALF_DISTANCE * 2 ** halvings);
    }
  }
}
