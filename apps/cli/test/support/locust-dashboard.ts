import type { Dashboard, Panel, Query } from './dashboards.ts';

const query = (text: string, kind: Query['kind'] = 'range'): Query => ({ text, kind });
const panel = (title: string, ...queries: readonly Query[]): Panel => ({ title, queries });

const ROWS = '{method=~".+"}';
const TABLE = [
  'avg_content_length',
  'min_response_time',
  'max_response_time',
  'avg_response_time',
  'median_response_time',
  'num_failures',
  'current_fail_per_sec',
  'num_requests',
  'current_rps',
];
const WORKERS = ['locust_slaves_count', 'locust_workers_count'].map((text) => query(text));

/**
 * The queries of Grafana dashboard 11985, "Locust Exporter - Container Solutions", as the repository of locust_exporter has it
 * (`locust_dashboard.json`). Of the name that was changed with Locust 1.0, slaves to workers, both are asked.
 */
export const LOCUST_DASHBOARD: Dashboard = {
  name: '11985',
  panels: [
    panel('Locust Status', query('locust_running')),
    panel('Swarmed users', query('locust_users')),
    panel('Current RPS', query('sum(locust_requests_current_rps)')),
    panel('Requests', query('locust_requests_num_requests{method=~""}')),
    panel('Fails', query('locust_requests_fail_ratio')),
    panel('Connected slaves', ...WORKERS),
    panel('Failers', query('locust_requests_num_failures{method=~""}')),
    panel(
      'Endpoints',
      ...TABLE.map((name) => query(`sum(locust_requests_${name}${ROWS}) by (method, name)`, 'instant')),
    ),
    panel('Errors', query('sum(locust_errors) by (method, name, error)', 'instant')),
    panel(
      'Response Times',
      ...['max', 'min', 'avg', 'median'].map((name) => query(`avg(locust_requests_${name}_response_time)`)),
    ),
    panel(
      'Response Times, percentiles',
      query('locust_requests_current_response_time_percentile_95'),
      query('locust_requests_current_response_time_percentile_50'),
    ),
    panel('Users', query('locust_users')),
    panel('Slaves', ...WORKERS),
    panel(
      'Requests per endpoint / s',
      query(`rate(locust_requests_num_requests${ROWS}[1m])`),
      query(` sum(rate(locust_requests_num_requests${ROWS}[1m]))`),
      query('locust_requests_fail_ratio * 100'),
    ),
  ],
};
