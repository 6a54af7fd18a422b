import type { onRequestHookHandler } from 'fastify';
import type { MockOperation } from '../operations.ts';
import { bearerGuard, type TokenProblem } from '../server/bearer-guard.ts';
import { refuse } from '../server/serve.ts';
import type { Runtime } from '../server/runtime.ts';
import { describeExcess, retryAfterOf, type LimitVerdict } from '../limits/window-limiter.ts';
import { failure, unauthorized } from './errors.ts';

const PROBLEMS: Readonly<Record<TokenProblem, string>> = {
  missing: 'Missing authorization token',
  'no-bearer': 'Expected "Authorization: Bearer <token>"',
  expired: 'Token expired',
  undecodable: 'Invalid token',
};

/** Requires a valid token. Runs before the body is read. */
export function requireToken(runtime: Runtime): onRequestHookHandler {
  return bearerGuard(runtime, (problem) => unauthorized(PROBLEMS[problem]));
}

function limitHeaders(verdict: LimitVerdict, runtime: Runtime): Record<string, string> {
  const resetMs = runtime.clock.nowMs() + verdict.resetAtMs - runtime.clock.elapsedMs();
  return {
    'x-ratelimit-limit': String(verdict.limit),
    'x-ratelimit-remaining': String(verdict.remaining),
    'x-ratelimit-reset': String(Math.ceil(resetMs / 1000)),
  };
}

/**
 * Counts the request against the limits of its operation; sets the rate-limit headers, or answers 429. Comes after
 * `requireToken`, by whose token or user it counts; requests without one count by address.
 */
export function enforceLimits(runtime: Runtime, operation: MockOperation): onRequestHookHandler {
  return (request, reply, done) => {
    const { token, claims } = request.exchange;
    const caller = { ip: request.ip, token, user: claims?.username };
    const nowMs = runtime.clock.elapsedMs();
    const verdict = runtime.limits.check(operation, caller, nowMs);
    if (verdict === undefined) {
      done();
      return;
    }
    const headers = limitHeaders(verdict, runtime);
    if (verdict.allowed) {
      reply.headers(headers);
      done();
      return;
    }
    const retryAfter = retryAfterOf(verdict, nowMs);
    const message = describeExcess(verdict, nowMs);
    const answer = failure(
      429,
      'RATE_LIMIT_ERROR',
      'Rate limit exceeded',
      message,
      { retry_after: retryAfter },
      { ...headers, 'retry-after': String(retryAfter) },
    );
    refuse(runtime, request, reply, answer);
  };
}
