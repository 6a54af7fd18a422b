import type { onRequestHookHandler } from 'fastify';
import type { Answer } from './answer.ts';
import type { Runtime } from './runtime.ts';
import { refuse } from './serve.ts';

const BEARER = 'Bearer ';

/** Why a request has no valid token; `no-bearer`: its `Authorization` is of another scheme. */
export type TokenProblem = 'missing' | 'no-bearer' | 'expired' | 'undecodable';

/**
 * Requires a valid token before the body is read, and puts it and its claims into the exchange. The prefix `Bearer ` is
 * case-sensitive.
 * @param answerTo the refusal of the dialect
 */
export function bearerGuard(
  runtime: Runtime,
  answerTo: (problem: TokenProblem) => Answer,
): onRequestHookHandler {
  return (request, reply, done) => {
    const header = request.headers.authorization;
    const token = header?.startsWith(BEARER) === true ? header.slice(BEARER.length) : undefined;
    const claims = token === undefined ? undefined : runtime.tokens.verify(token);
    if (claims === undefined || typeof claims === 'string') {
      const problem = claims ?? (header === undefined ? 'missing' : 'no-bearer');
      refuse(runtime, request, reply, answerTo(problem));
      return;
    }
    request.exchange.token = token;
    request.exchange.claims = claims;
    done();
  };
}
