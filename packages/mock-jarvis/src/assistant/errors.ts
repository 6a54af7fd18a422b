import { json } from '../server/answer.ts';
import type { Answer } from '../server/answer.ts';
import type { Runtime } from '../server/runtime.ts';

/** An error in the form of the OpenAI API: `{error: {message, type, param, code}}`. */
export function openAiError(
  status: number,
  type: string,
  message: string,
  param: string | null = null,
  code: string | null = null,
): Answer {
  return json({ error: { message, type, param, code } }, status);
}

/** Status 400 for a request that is not valid. @param param the field at fault */
export const invalidRequest = (message: string, param: string | null = null): Answer =>
  openAiError(400, 'invalid_request_error', message, param);

const INJECTED = { message: 'Fault injected by the mock', type: 'server_error', param: null, code: null };

/** An error inside an answer with status 200: as an event of a stream, or as the whole body. */
export const IN_BAND_ERROR = { error: INJECTED };

/** 5xx with the configured status. */
export const serverError = (runtime: Runtime): Answer =>
  json({ error: INJECTED }, runtime.config.faults.server_error.status);
