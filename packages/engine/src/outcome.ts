/**
 * Classification of a request. Without dependencies, because the same code runs in the native engine and inside k6
 * (entry `@jarvis-load/engine/outcome`).
 */
export const OUTCOMES = [
  'ok',
  'rate_limited',
  'unauthorized',
  'client_error',
  'server_error',
  'timeout',
  'connection_error',
  'invalid_body',
] as const;

/** Classification of a request; everything but `ok` counts as failed. */
export type Outcome = (typeof OUTCOMES)[number];

/** The outcome by status alone: 2xx and 3xx are `ok` (redirects are never followed). */
export function outcomeOfStatus(status: number): Outcome {
  if (status >= 200 && status < 400) return 'ok';
  if (status === 429) return 'rate_limited';
  if (status === 401) return 'unauthorized';
  if (status >= 400 && status < 500) return 'client_error';
  return 'server_error';
}
