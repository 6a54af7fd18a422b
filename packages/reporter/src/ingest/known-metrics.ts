import type { K6MetricLine } from './k6-line.ts';

/**
 * Type and content of a metric, as k6 declares them. A CSV declares none: a metric of k6 that is missing in `KNOWN` is left out
 * of its document, with a note. `apps/cli/src/k6/test-of-file.ts` refuses thresholds on metrics that are neither listed here nor declared
 * by the scenario.
 */
export type MetricFacts = Pick<K6MetricLine, 'type' | 'contains'>;

const KNOWN: readonly (readonly [MetricFacts['type'], contains: string, names: readonly string[]])[] = [
  ['counter', 'default', ['http_reqs', 'iterations', 'dropped_iterations']],
  ['counter', 'default', ['ws_sessions', 'ws_msgs_sent', 'ws_msgs_received']],
  ['counter', 'data', ['data_sent', 'data_received']],
  ['gauge', 'default', ['vus', 'vus_max']],
  ['rate', 'default', ['http_req_failed', 'checks']],
  [
    'trend',
    'time',
    [
      'http_req_duration',
      'http_req_blocked',
      'http_req_connecting',
      'http_req_tls_handshaking',
      'http_req_sending',
      'http_req_waiting',
      'http_req_receiving',
      'iteration_duration',
      'group_duration',
      'ws_connecting',
      'ws_session_duration',
      'ws_ping',
    ],
  ],
];

/** k6's own metrics, for files without declarations; undefined for a metric of a script. */
export function knownMetric(name: string): MetricFacts | undefined {
  const known = KNOWN.find(([, , names]) => names.includes(name));
  return known && { type: known[0], contains: known[1] };
}
