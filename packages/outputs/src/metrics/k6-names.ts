import type { Outcome } from '@jarvis-load/engine/outcome';
import type { RequestPhase } from '@jarvis-load/engine';
import { WINDOW_STATS } from './window.ts';

/**
 * The class of statuses of an outcome, for the label `status`: our histograms are kept per outcome, and a label with
 * the status itself could not be 0 before the first response.
 */
export const K6_STATUS_OF: Readonly<Record<Outcome, string>> = {
  ok: '2xx',
  rate_limited: '429',
  unauthorized: '401',
  client_error: '4xx',
  server_error: '5xx',
  timeout: '0',
  connection_error: '0',
  invalid_body: '2xx',
  truncated: '2xx',
  stalled: '2xx',
  empty: '2xx',
  hung_up: '2xx',
  failed_in_band: '2xx',
};

/** k6's names of the phases of a request. */
export const K6_PHASES = {
  blocked: 'http_req_blocked',
  connecting: 'http_req_connecting',
  tlsHandshaking: 'http_req_tls_handshaking',
  sending: 'http_req_sending',
  waiting: 'http_req_waiting',
  receiving: 'http_req_receiving',
} as const satisfies Record<RequestPhase, string>;

const TRENDS = [...Object.values(K6_PHASES), 'http_req_duration', 'iteration_duration', 'group_duration'];
const COUNTERS = ['http_reqs', 'iterations', 'dropped_iterations', 'data_sent', 'data_received'];
const GAUGES = ['vus', 'vus_max', 'http_req_failed_rate', 'checks_rate'];

/** Families that a run may have under k6's names, now or later: no custom metric gets one of them (a test compares). */
export const K6_FAMILIES: readonly string[] = [
  ...TRENDS.flatMap((name) => [...WINDOW_STATS, 'seconds'].map((stat) => `${name}_${stat}`)),
  ...COUNTERS.flatMap((name) => [name, `${name}_total`]),
  ...GAUGES,
].map((name) => `k6_${name}`);
