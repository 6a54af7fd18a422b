import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import type { MockOperation } from '../operations.ts';
import type { Runtime } from '../server/runtime.ts';
import { bearerGuard, type TokenProblem } from '../server/bearer-guard.ts';
import { refuse } from '../server/serve.ts';
import { coreJson, plainText } from './text.ts';

const unauthorized = (error: string) => coreJson({ error, code: 'UNAUTHORIZED' }, 401);
const PROBLEMS: Readonly<Record<TokenProblem, string>> = {
  missing: 'Missing authorization token',
  'no-bearer': 'Invalid token',
  expired: 'Token expired',
  undecodable: 'Failed to decode token',
};

/** Checks the token before path parameters and body. The `Bearer ` prefix is case-sensitive. */
export function requireToken(runtime: Runtime): onRequestHookHandler {
  return bearerGuard(runtime, (problem) => unauthorized(PROBLEMS[problem]));
}

const LOGIN_TEXT = 'Too many login attempts. Please try again later.';
const OTHER_TEXT = 'Too many requests. Please try again later.';

/**
 * Counts a request against the limits, so it is called once for each; when they are exceeded, answers 429 in plain text without
 * rate-limit headers and returns true: the caller answers nothing more.
 */
export function isLimited(
  runtime: Runtime,
  operation: MockOperation,
  request: FastifyRequest,
  reply: FastifyReply,
): boolean {
  const { token, claims } = request.exchange;
  const caller = { ip: request.ip, token, user: claims?.username };
  const verdict = runtime.limits.check(operation, caller, runtime.clock.elapsedMs());
  if (verdict === undefined || verdict.allowed) return false;
  refuse(runtime, request, reply, plainText(429, operation === 'auth.login' ? LOGIN_TEXT : OTHER_TEXT));
  return true;
}
