export { ingestK6 } from './ingest-k6.ts';
export type { IngestOptions } from './ingest-k6.ts';
export type { K6Thresholds } from './judge-thresholds.ts';
export { OWN_METRICS } from './sample-reader.ts';
