import type { Outcome } from '@jarvis-load/engine/outcome';
import type { RequestPhase } from '@jarvis-load/engine';

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
