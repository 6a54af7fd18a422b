import { outcomeOfStatus, type Outcome } from '../outcome.ts';
import type { AnswerSchema } from '../model/answer-schema.ts';
import type { Operation } from '../model/scenario.ts';
import { namedReasonOf } from '../show.ts';
import { RequestProblem } from '../transport/head.ts';
import type { NativeResponse } from './response.ts';
import { saidByJudge } from './said-by-judge.ts';

/** Sets the outcome of a response by the statuses that are expected of it. */
export function judgeStatus(response: NativeResponse, expect: readonly number[]): void {
  const { status } = response;
  if (expect.includes(status)) {
    response.outcome = 'ok';
    return;
  }
  const outcome = outcomeOfStatus(status);
  // A status below 400 that is not expected is another answer than the scenario can use.
  response.outcome = outcome === 'ok' ? 'invalid_body' : outcome;
  response.error = { code: `http_${status}`, message: `HTTP ${status}; expected ${expect.join(' or ')}` };
}

/**
 * Sets the outcome of a 2xx response by its body: an error that it reports, or not what the operation promises. A function of
 * the operation that throws makes it `invalid_body`; one that returns neither text nor nothing does, too, and is the `problem`
 * of the response.
 */
export function judgeBody(
  response: NativeResponse,
  { accepts, inBandError }: Pick<Operation, 'accepts' | 'inBandError'>,
  schema: AnswerSchema | undefined,
): void {
  let by = 'inBandError';
  let reason: string | undefined;
  try {
    const message = saidByJudge(by, inBandError?.(response));
    if (message !== undefined) {
      response.outcome = 'failed_in_band' satisfies Outcome;
      response.error = { code: 'failed_in_band', message };
      return;
    }
    by = 'accepts';
    reason = saidByJudge(by, accepts?.(response));
    by = 'the schema';
    if (reason === undefined && schema !== undefined) reason = response.fit(schema).reason;
    // What they said of an empty body says less.
    reason = response.undecodable ?? reason;
  } catch (error) {
    if (error instanceof RequestProblem) response.problem = error;
    reason = response.problem?.message ?? threw(by, error);
  }
  if (reason === undefined) return;
  response.outcome = 'invalid_body' satisfies Outcome;
  response.error = { code: 'body', message: reason };
}

function threw(by: string, error: unknown): string {
  return `${by} threw ${namedReasonOf(error)}`;
}
