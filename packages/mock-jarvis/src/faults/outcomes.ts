import type { FaultKind } from '../config/schema.ts';

/**
 * Outcome that a correct client reports for each fault of an answer that is not streamed, if its timeout is longer than `slow`,
 * `stall` and `slow_first_byte` take. A hang ends with the client's timeout; a reset and a truncated body end the connection;
 * garbage is not HTTP, so the connection cannot be used again. README.md repeats it.
 */
export const FAULT_OUTCOMES: Readonly<Record<FaultKind, string>> = {
  server_error: 'server_error',
  reset: 'connection_error',
  truncated: 'connection_error',
  hang: 'timeout',
  garbage: 'connection_error',
  wrong_json: 'invalid_body',
  slow: 'ok',
  stall: 'ok',
  cut: 'invalid_body',
  empty: 'invalid_body',
  in_band_error: 'invalid_body',
  slow_first_byte: 'ok',
};
