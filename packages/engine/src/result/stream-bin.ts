import type { SeriesPoint } from '../document/schema.ts';
import type { HistogramSnapshot } from '../model/histogram-snapshot.ts';
import { mergeSnapshots } from '../recorder/histogram-snapshot.ts';
import { quantileOfSnapshot } from '../recorder/snapshot-quantile.ts';
import type { StreamMeasures } from '../recorder/stream-measures.ts';

const COUNTS = ['streams', 'tokens', 'judged', 'good'] as const;
const TIMES = ['ttft', 'ttlt', 'gap'] as const;

/** Streams of one operation in one bin of the series. */
export type StreamBin = Record<(typeof COUNTS)[number], number> &
  Record<(typeof TIMES)[number], HistogramSnapshot>;

/** The streams of an interval as a bin; undefined: none ended. */
export function streamBin(measures: StreamMeasures | undefined): StreamBin | undefined {
  if (measures === undefined || measures.counts.streams === 0) return undefined;
  const { counts, times } = measures;
  return {
    streams: counts.streams,
    tokens: counts.tokens,
    judged: counts.judged,
    good: counts.good,
    ttft: times.ttft.snapshot(),
    ttlt: times.ttlt.snapshot(),
    gap: times.gap.snapshot(),
  };
}

export function mergeStreamBins(a: StreamBin | undefined, b: StreamBin | undefined): StreamBin | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const merged = { ...a };
  for (const count of COUNTS) merged[count] += b[count];
  for (const time of TIMES) merged[time] = mergeSnapshots([a[time], b[time]]);
  return merged;
}

/** The document's form. */
export function seriesStreams(bin: StreamBin): NonNullable<SeriesPoint['operations'][string]['streams']> {
  const { streams, tokens, judged, good, ttft, ttlt, gap } = bin;
  return {
    streams,
    tokens,
    judged,
    good,
    ttftP50Ms: quantileMs(ttft, 0.5),
    ttftP95Ms: quantileMs(ttft, 0.95),
    ttltP50Ms: quantileMs(ttlt, 0.5),
    ttltP95Ms: quantileMs(ttlt, 0.95),
    gapP99Ms: quantileMs(gap, 0.99),
  };
}

function quantileMs(times: HistogramSnapshot, p: number): number | null {
  const us = quantileOfSnapshot(times, p);
  return us === undefined ? null : us / 1000;
}
