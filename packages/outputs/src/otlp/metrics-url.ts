/** The path of metrics, which is added to an endpoint that does not end in it, as OpenTelemetry's exporters do. */
const METRICS_PATH = '/v1/metrics';

/** Where metrics are sent to. @param endpoint with or without the path of metrics, and slashes behind it; not changed */
export function metricsUrl(endpoint: URL): URL {
  const url = new URL(endpoint);
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = path.endsWith(METRICS_PATH) ? path : `${path}${METRICS_PATH}`;
  return url;
}
