const STATS = ['min', 'max', 'avg', 'med', 'p90', 'p95', 'p99', 'count', 'sum'];
const RUN = 'testid=~"$testid"';
const RATE = '[$__rate_interval]';

/**
 * What Grafana's dashboard 19665 ("k6 Prometheus") asks: the metrics, functions and labels of its panels. Its variable for the
 * statistic takes every name that begins with `k6_http_req_duration_`.
 */
export const K6_DASHBOARD_QUERIES: readonly string[] = [
  `sum(k6_vus{${RUN}})`,
  ...STATS.map((stat) => `avg(k6_http_req_duration_${stat}{${RUN}})`),
  `avg(k6_http_req_duration_p95{${RUN}, expected_response="true"})`,
  `avg(k6_http_req_duration_p95{${RUN}, expected_response="false"})`,
  `sum(irate(k6_http_reqs_total{${RUN}}${RATE}))`,
  `sum(irate(k6_http_reqs_total{${RUN}, expected_response="true"}${RATE}))`,
  `sum(irate(k6_http_reqs_total{${RUN}, expected_response="false"}${RATE}))`,
  `avg(round(k6_http_req_failed_rate{${RUN}}, 0.1)*100)`,
  `sum(k6_http_reqs_total{${RUN}})`,
  `sum(k6_http_reqs_total{${RUN}, expected_response="false"})`,
  `avg(irate(k6_data_sent_total{${RUN}}${RATE}))`,
  `avg(irate(k6_data_received_total{${RUN}}${RATE}))`,
  `avg(k6_iteration_duration_p95{${RUN}})`,
  `avg(k6_dropped_iterations_total{${RUN}})`,
  ...['blocked', 'tls_handshaking', 'sending', 'waiting', 'receiving', 'duration'].map(
    (phase) => `avg(k6_http_req_${phase}_p95{${RUN}})`,
  ),
  ...['min', 'max', 'p95', 'p99'].map(
    (stat) => `avg by(name,method,status)(k6_http_req_duration_${stat}{${RUN}})`,
  ),
  `round(k6_checks_rate{${RUN}}, 0.1)`,
];

const native = (q: number, metric: string, labels = ''): string =>
  `histogram_quantile(${q}, sum by (${labels === '' ? 'le' : `le, ${labels}`}) (rate(k6_${metric}_seconds{${RUN}}${RATE})))`;

/**
 * What its sibling 18030 asks of native histograms. Its two panels of the waiting time by `expected_response` are not among
 * them: the phases of a request are not kept by outcome.
 */
export const K6_NATIVE_DASHBOARD_QUERIES: readonly string[] = [
  ...[
    'http_req_duration',
    'iteration_duration',
    'http_req_blocked',
    'http_req_tls_handshaking',
    'http_req_sending',
    'http_req_waiting',
    'http_req_receiving',
  ].map((metric) => native(0.99, metric)),
  ...[0, 1, 0.95, 0.99].map((q) => native(q, 'http_req_duration', 'name, method, status')),
];
