import type { Dashboard, Panel } from './dashboards.ts';

const RUN = 'testid=~"$testid"';
const RATE = '[$__rate_interval]';

/** Every name that the variable for the statistic offers: those that begin with `k6_http_req_duration_`. */
const STATS = ['min', 'max', 'avg', 'med', 'p90', 'p95', 'p99', 'count', 'sum'];

const panel = (title: string, ...queries: readonly string[]): Panel => ({
  title,
  queries: queries.map((text) => ({ text, kind: 'range' as const })),
});

const trend = (name: string, stat: string, labels = ''): string => `avg(k6_${name}_${stat}{${RUN}${labels}})`;
const requestRate = (labels = ''): string => `sum(irate(k6_http_reqs_total{${RUN}${labels}}${RATE}))`;
const expected = (value: boolean): string => `, expected_response="${value}"`;
const requests = (labels = ''): string => `sum(k6_http_reqs_total{${RUN}${labels}})`;
const dropped = `avg(k6_dropped_iterations_total{${RUN}})`;

/** Panels that both dashboards have. */
const transfer = panel(
  'Transfer Rate',
  ...['sent', 'received'].map((way) => `avg(irate(k6_data_${way}_total{${RUN}}${RATE}))`),
);
const checks = [
  panel('Checks list', `round(k6_checks_rate{${RUN}}, 0.1)`),
  panel('Checks Success Rate (aggregate individual checks)', `avg(round(k6_checks_rate{${RUN}}, 0.1) * 100)`),
];
const rateOfRequests = panel(
  'HTTP Request Rate',
  requestRate(),
  requestRate(expected(true)),
  requestRate(expected(false)),
);
/** Its variable offers every name that begins with `k6_`. */
const analyze = panel('Analyze Metric', '$analyze_metric');
const PHASES = ['blocked', 'tls_handshaking', 'sending', 'waiting', 'receiving'];

/**
 * Panels of both dashboards whose queries differ in the times alone. Revisions of the dashboards ask for the sum or the average
 * of users, for the highest or the sum of the rates, and count answers that were expected or those that were not as failures.
 */
function overview(durations: readonly string[], iterations: readonly string[]): readonly Panel[] {
  return [
    panel(
      'Performance Overview',
      `sum(k6_vus{${RUN}})`,
      `avg(k6_vus{${RUN}})`,
      durations[0]!,
      requestRate(),
      requestRate(expected(false)),
      `avg(round(k6_http_req_failed_rate{${RUN}}, 0.1) * 100)`,
    ),
    panel('HTTP requests', requests()),
    panel('HTTP request failures', requests(expected(true)), requests(expected(false))),
    panel('Peak RPS', `max(irate(k6_http_reqs_total{${RUN}}${RATE}))`, requestRate()),
    panel('HTTP Request Duration', ...durations),
    transfer,
    panel('Iterations', ...iterations, dropped),
    ...checks,
  ];
}

/** The metrics, functions and labels that Grafana's dashboard 19665 ("k6 Prometheus") asks for, by the titles of its panels. */
export const K6_DASHBOARD: Dashboard = {
  name: '19665',
  panels: [
    ...overview(
      STATS.map((stat) => trend('http_req_duration', stat)),
      STATS.map((stat) => trend('iteration_duration', stat)),
    ),
    panel(
      'HTTP Latency Timings',
      ...[...PHASES, 'duration'].flatMap((phase) => STATS.map((stat) => trend(`http_req_${phase}`, stat))),
    ),
    panel(
      'HTTP Latency Stats',
      ...['', expected(true), expected(false)].map((labels) => trend('http_req_duration', 'p95', labels)),
    ),
    rateOfRequests,
    panel(
      'Requests by URL',
      ...['min', 'max', 'p95', 'p99'].map(
        (stat) => `avg by (name, method, status) (k6_http_req_duration_${stat}{${RUN}})`,
      ),
    ),
    analyze,
  ],
};

const native = (q: number, metric: string, labels = '', by = ''): string =>
  `histogram_quantile(${q}, sum by (le${by}) (rate(k6_${metric}_seconds{${RUN}${labels}}${RATE})))`;

/** The same of its sibling 18030, which asks for native histograms; its quantile is 0.99 at first. */
export const K6_NATIVE_DASHBOARD: Dashboard = {
  name: '18030',
  panels: [
    ...overview([native(0.99, 'http_req_duration')], [native(0.99, 'iteration_duration')]),
    panel(
      'HTTP Latency Timings',
      ...[...PHASES, 'duration'].map((phase) => native(0.99, `http_req_${phase}`)),
    ),
    panel(
      'HTTP Latency Stats',
      native(0.99, 'http_req_duration'),
      ...[true, false].map((value) => native(0.99, 'http_req_waiting', expected(value))),
    ),
    rateOfRequests,
    panel(
      'Requests by URL',
      ...[0, 1, 0.95, 0.99].map((q) => native(q, 'http_req_duration', '', ', name, method, status')),
    ),
    analyze,
  ],
};
