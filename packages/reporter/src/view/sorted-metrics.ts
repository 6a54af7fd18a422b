import type { MetricResult, RunResult } from '@jarvis-load/engine/result';
import { isOfScript } from './metric-of-script.ts';
import { streamsOf } from './streams.ts';

/**
 * Metrics that every run has, whatever its scenarios measure. With `OF_STREAMS` the names of `BUILTIN_METRICS` in
 * `metrics/builtin.ts` of the engine: one that is missing here is shown as a metric of the scenarios.
 */
const BUILT_IN = new Set([
  'http_reqs',
  'http_req_failed',
  'http_req_retried',
  'http_req_duration',
  'http_req_blocked',
  'http_req_connecting',
  'http_req_tls_handshaking',
  'http_req_sending',
  'http_req_waiting',
  'http_req_receiving',
  'response_time',
  'service_time',
  'queue_wait',
  'pacer_lag',
  'iterations',
  'dropped_iterations',
  'iteration_duration',
  'checks',
  'data_sent',
  'data_received',
  'vus',
  'vus_max',
  'interrupted_requests',
  'group_duration',
]);

/** Built-in metrics of streamed responses. */
const OF_STREAMS = new Set([
  'ttft',
  'ttft_sent',
  'ttfo',
  'ttlt',
  'tpot',
  'chunk_gap',
  'longest_gap',
  'stream_chunks',
  'output_tokens',
  'goodput',
  'good_streams',
]);

/** Metrics of a run by what they are of. A view that shows metrics of the scenarios shows all of `own`. */
export interface SortedMetrics {
  /** Of the scenarios. */
  readonly own: readonly MetricResult[];
  /** Of streams, where the run has some. */
  readonly streams: readonly MetricResult[];
  readonly builtIn: readonly MetricResult[];
}

/** Sorts the metrics of a run. A k6 test may have a metric of its own with the name of one of the engine or of streams. */
export function sortedMetrics(result: RunResult): SortedMetrics {
  const hasStreams = streamsOf(result).length > 0;
  const isEmpty = ({ values }: MetricResult): boolean =>
    Object.values(values).every((value) => (value ?? 0) === 0);
  const kindOf = (metric: MetricResult): keyof SortedMetrics => {
    if (BUILT_IN.has(metric.name)) return isOfScript(metric.name, result) ? 'own' : 'builtIn';
    if (!OF_STREAMS.has(metric.name)) return 'own';
    return hasStreams ? 'streams' : isEmpty(metric) ? 'builtIn' : 'own';
  };
  const sorted = { own: [] as MetricResult[], streams: [] as MetricResult[], builtIn: [] as MetricResult[] };
  for (const metric of result.metrics) sorted[kindOf(metric)].push(metric);
  return sorted;
}
