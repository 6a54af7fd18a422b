import type { Histogram } from '../recorder/histogram.ts';
import { encodeHistogram } from '../recorder/hdr-encoding.ts';
import { hasLowSamples } from '../recorder/low-samples.ts';
import type { LatencyStats, PercentileValues } from '../document/schema.ts';
import { PERCENTILES } from '../document/document-format.ts';

/** Milliseconds of a microsecond histogram; null when empty. */
export function quantileMs(histogram: Histogram, p: number): number | null {
  return ms(histogram.quantile(p));
}

/** Every percentile of the document, by its key. */
export function percentilesOf(histogram: Histogram): PercentileValues {
  return Object.fromEntries(
    PERCENTILES.map((p) => [`p${p}`, quantileMs(histogram, p / 100)]),
  ) as PercentileValues;
}

/** The document's form of a latency. @param encode with the histogram itself, so that runs merge exactly */
export function latencyStats(histogram: Histogram, encode = false): LatencyStats {
  return {
    count: histogram.count,
    minMs: ms(histogram.min),
    meanMs: ms(histogram.mean),
    maxMs: ms(histogram.max),
    sumMs: histogram.sum / 1000,
    percentiles: percentilesOf(histogram),
    lowSamples:
      histogram.count === 0
        ? []
        : PERCENTILES.filter((p) => hasLowSamples(p / 100, histogram.count)).map((p) => `p${p}`),
    ...(encode && histogram.count > 0 ? { histogram: encodeHistogram(histogram.snapshot()) } : {}),
  };
}

/** The same, with those percentiles marked that so many slower samples, which were cut off, would have raised. */
export function latencyAtLeast(histogram: Histogram, missing: number): LatencyStats {
  const stats = latencyStats(histogram, true);
  if (missing === 0 || histogram.count === 0) return stats;
  const all = histogram.count + missing;
  const uncertain = PERCENTILES.filter((p) => {
    const rank = Math.ceil((p / 100) * all);
    return (
      rank > histogram.count || histogram.quantile(rank / histogram.count) !== histogram.quantile(p / 100)
    );
  });
  return { ...stats, uncertain: uncertain.map((p) => `p${p}`) };
}

function ms(us: number | undefined): number | null {
  return us === undefined ? null : us / 1000;
}
