import type { ObjectiveResult } from '../document/schema.ts';

/** What an objective is about, within a sentence. */
export const ASPECT_WORDS: Readonly<Record<ObjectiveResult['aspect'], string>> = {
  p50: 'p50',
  p95: 'p95',
  p99: 'p99',
  errorRate: 'error rate',
  requestsPerSecond: 'throughput',
};
