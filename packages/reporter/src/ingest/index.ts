export { readK6 } from './read-k6.ts';
export type { K6Reading, K6ReadOptions, K6ResultOptions } from './read-k6.ts';
export type { K6Thresholds } from './judge-thresholds.ts';
export type { ScriptMetrics } from './sample-reader.ts';
export { isK6Summary } from './k6-summary.ts';
export { resultOfSummary } from './result-of-summary.ts';
export type { SummaryOptions } from './result-of-summary.ts';
export { isK6CsvHeader } from './k6-csv.ts';
