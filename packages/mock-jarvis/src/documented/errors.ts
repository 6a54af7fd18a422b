import { json } from '../server/answer.ts';
import type { Answer } from '../server/answer.ts';
import type { Runtime } from '../server/runtime.ts';

/** Documented errors, format A: `{error, message, code}`, plus extra fields of the case. */
export function failure(
  status: number,
  code: string,
  error: string,
  message: string,
  extra: Readonly<Record<string, unknown>> = {},
  headers?: Readonly<Record<string, string>>,
): Answer {
  return json({ error, message, code, ...extra }, status, headers);
}

/** Status 400 for a request that is not valid. */
export const invalid = (message: string): Answer =>
  failure(400, 'VALIDATION_ERROR', 'Validation failed', message);
/** Status 401 for a missing or invalid token, and for a refused login. */
export const unauthorized = (message: string): Answer =>
  failure(401, 'AUTHENTICATION_ERROR', 'Unauthorized', message);
/** Status 404. */
export const notFound = (message: string): Answer => failure(404, 'NOT_FOUND', 'Not found', message);

/** 5xx with the configured status, and the request id that format A has for server errors. */
export function serverError(runtime: Runtime): Answer {
  const { status } = runtime.config.faults.server_error;
  const [code, error] =
    status === 503
      ? ['SERVICE_UNAVAILABLE', 'Service unavailable']
      : ['INTERNAL_ERROR', 'Internal server error'];
  return failure(status, code, error, 'Fault injected by the mock', { request_id: runtime.uuid() });
}
