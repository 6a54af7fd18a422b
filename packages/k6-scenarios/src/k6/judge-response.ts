import type { AnswerSchema, Operation } from '@jarvis-load/engine';
import { namedReasonOf } from '@jarvis-load/engine/show';
import { RequestProblem, saidByJudge } from '@jarvis-load/engine/user-rules';
import type { K6Response } from './k6-response.ts';

/**
 * Judges a 2xx response by its body, with the rule of the native engine (`judge-response.ts`).
 * @returns the mistake of a function of the operation that returned no text
 */
export function judgeBody(
  response: K6Response,
  { accepts, inBandError }: Operation,
  schema: AnswerSchema | undefined,
): RequestProblem | undefined {
  let by = 'inBandError';
  let problem: RequestProblem | undefined;
  let reason: string | undefined;
  try {
    const message = saidByJudge(by, inBandError?.(response));
    if (message !== undefined) {
      response.outcome = 'failed_in_band';
      response.error = { code: 'failed_in_band', message };
      return undefined;
    }
    by = 'accepts';
    reason = saidByJudge(by, accepts?.(response));
    by = 'the schema';
    if (reason === undefined && schema !== undefined) response.json(schema);
  } catch (error) {
    if (error instanceof RequestProblem) problem = error;
    reason = problem?.message ?? `${by} threw ${namedReasonOf(error)}`;
  }
  if (reason !== undefined) {
    response.outcome = 'invalid_body';
    response.error = { code: 'body', message: reason };
  }
  return problem;
}

/** As the native engine judges a status by those that are expected. */
export function judgeStatus(response: K6Response, expect: readonly number[]): void {
  if (expect.includes(response.status)) {
    response.outcome = 'ok';
    response.error = undefined;
    return;
  }
  if (response.outcome === 'ok') response.outcome = 'invalid_body';
  response.error = {
    code: `http_${response.status}`,
    message: `HTTP ${response.status}; expected ${expect.join(' or ')}`,
  };
}
