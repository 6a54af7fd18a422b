import type { FaultKind } from '../config/schema.ts';

/**
 * What an honest client calls each fault. A hang ends with the client's own time limit; a reset and a truncated
 * body end the connection; garbage is no HTTP, so the connection is of no use either.
 */
export const FAULT_OUTCOMES: Readonly<Record<FaultKind, string>> = {
  server_error: 'server_error',
  reset: 'connection_error',
  truncated: 'connection_error',
  hang: 'timeout',
  garbage: 'connection_error',
  wrong_json: 'invalid_body',
  slow: 'ok',
};
