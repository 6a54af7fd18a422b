import type { onRequestHookHandler } from 'fastify';
import { describeExcess, retryAfterOf } from '../limits/window-limiter.ts';
import { json } from '../server/answer.ts';
import type { Runtime } from '../server/runtime.ts';
import { refuse } from '../server/serve.ts';
import { openAiError } from './errors.ts';
import { callerOf } from './jarvis-auth.ts';

/**
 * Counts the request against the limit of all operations; answers 429 above it, in the format of the endpoint. With scope `token`
 * it counts by its bearer token, which need not be one of the mock, with `user` by the user of a signed one, otherwise by address. Not for the telemetry socket, which is
 * untracked and checks the limit in its own handler.
 */
export function enforceLimits(runtime: Runtime): onRequestHookHandler {
  return (request, reply, done) => {
    const { operation, isUntracked } = request.routeOptions.config;
    if (operation === undefined || operation === 'other' || isUntracked === true) return done();
    const token = request.headers.authorization?.replace(/^Bearer /, '');
    const nowMs = runtime.clock.elapsedMs();
    const verdict = runtime.limits.check(operation, callerOf(runtime, request.ip, token), nowMs);
    if (verdict === undefined || verdict.allowed) return done();
    const message = describeExcess(verdict, nowMs);
    const answer = request.url.startsWith('/v1/')
      ? openAiError(429, 'requests', message, null, 'rate_limit_exceeded')
      : json({ error: message }, 429);
    const headers = { ...answer.headers, 'retry-after': String(retryAfterOf(verdict, nowMs)) };
    refuse(runtime, request, reply, { ...answer, headers });
  };
}
