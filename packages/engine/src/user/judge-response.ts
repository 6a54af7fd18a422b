import { outcomeOfStatus } from '../outcome.ts';
import type { AnswerSchema } from '../model/answer-schema.ts';
import type { LoadResponse } from '../model/scenario.ts';
import type { NativeResponse } from './response.ts';

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

/** Why a body is not what the operation promises; `undefined` when it is. A check that throws rejects it. */
export function rejection(
  response: NativeResponse,
  accepts: ((response: LoadResponse) => string | undefined) | undefined,
  schema: AnswerSchema | undefined,
): string | undefined {
  try {
    const reason = accepts?.(response);
    if (reason !== undefined || schema === undefined) return reason;
    return response.fit(schema).reason;
  } catch (error) {
    const what = accepts === undefined ? 'the schema' : 'accepts';
    return `${what} threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
  }
}
