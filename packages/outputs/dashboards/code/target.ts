import { RowBuilder, type DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { chart } from './panels.ts';
import { prometheusDashboard, variable } from './prometheus.ts';
import { OPERATION, over, RUN } from './prometheus-queries.ts';

/*
 * `prometheus-target.json`, written as `prometheus.ts` says. Must hold: series of the server have no `testid`, and hold all of
 * its clients; they are chosen by `instance`, the address that Prometheus scrapes.
 */

/** Series of the server that a person chose, by their address: of `axum-prometheus` in the Jarvis core, and of the mock. */
const ofServer = (axum: string, mock: string): string => `{__name__=~"${axum}|${mock}", instance=~"$server"}`;
const SERVER_DURATION = ofServer(
  'axum_http_requests_duration_seconds_bucket',
  'http_request_duration_seconds_bucket',
);
const SERVER_REQUESTS = ofServer('axum_http_requests_total', 'http_requests_total');
/** The choice itself. */
const ALL_REQUESTS = '{__name__=~"axum_http_requests_total|http_requests_total"}';

/** Adds the route to the series of operations. */
const WITH_ROUTE = `* on (testid, instance, scenario, operation) group_left (route) jarvis_load_operation_info{${RUN}}`;

const byRoute = (series: string): string => `rate(${series}{${OPERATION}}[$__rate_interval]) ${WITH_ROUTE}`;

/** The client's view of a run over the metrics of the server. */
export function targetDashboard(): DashboardBuilder {
  return prometheusDashboard('jarvis-load: target', 'jarvis-load-target')
    .withVariable(variable('server', `label_values(${ALL_REQUESTS}, instance)`).label('Server'))
    .withRow(new RowBuilder('Client and server'))
    .withPanel(
      chart(
        'Latency of client and server, p95',
        'Service time of the client by route, over what the server measures by endpoint, for all of its clients.',
        's',
        24,
        [
          over(
            `histogram_quantile(0.95, sum by (le, route) (${byRoute('jarvis_load_service_time_seconds_bucket')}))`,
            'client {{route}}',
          ),
          over(
            `histogram_quantile(0.95, sum by (le, endpoint) (rate(${SERVER_DURATION}[$__rate_interval])))`,
            'server {{endpoint}}',
          ),
        ],
      ),
    )
    .withPanel(
      chart(
        'Client less server, p50',
        'What lies between: network, connections, waiting to be accepted.',
        's',
        12,
        [
          over(
            `histogram_quantile(0.5, sum by (le) (rate(jarvis_load_service_time_seconds_bucket{${RUN}}[$__rate_interval])))` +
              ` - histogram_quantile(0.5, sum by (le) (rate(${SERVER_DURATION}[$__rate_interval])))`,
            'difference',
          ),
        ],
      ),
    )
    .withPanel(
      chart(
        'Requests of both',
        'Per second. The server also counts logins and probes, and other clients.',
        'reqps',
        12,
        [
          over(`sum(rate(jarvis_load_requests_total{${RUN}}[$__rate_interval]))`, 'client'),
          over(`sum(rate(${SERVER_REQUESTS}[$__rate_interval]))`, 'server'),
        ],
      ),
    )
    .withPanel(
      chart('Requests of the server by status', 'Per second.', 'reqps', 24, [
        over(`sum by (status) (rate(${SERVER_REQUESTS}[$__rate_interval]))`, '{{status}}'),
      ]),
    );
}
