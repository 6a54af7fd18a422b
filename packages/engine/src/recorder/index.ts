export { Histogram } from './histogram.ts';
export { hasLowSamples } from './low-samples.ts';
export { mergeSnapshots, quantileOfSnapshot } from './histogram-snapshot.ts';
export type { HistogramSnapshot } from './histogram-snapshot.ts';
export { quantileOfTrend, TrendHistogram } from './trend-histogram.ts';
export type { TrendSnapshot } from './trend-histogram.ts';
