import type { JarvisFailure } from '../dialects/decode-failure.ts';
import { describeLimit } from './limit-advice.ts';
import type { RateLimit } from './limits.ts';

/** What a run saw of one operation that was refused with 429. */
export interface LimitHit {
  readonly operation: string;
  readonly method: string;
  readonly route: string;
  /** Completed requests, refused ones included. */
  readonly requests: number;
  readonly rateLimited: number;
  /** Requests with outcome `ok`. */
  readonly accepted: number;
  readonly durationMs: number;
  /** One refusal, decoded. */
  readonly failure?: JarvisFailure;
}

/**
 * Says after a run which limit was hit and what it allows: the limit known for the target where there is one, the
 * target's own headers, and the rate that got through.
 */
export function describeLimitHit(hit: LimitHit, limits: readonly RateLimit[] = []): string {
  const share = hit.requests === 0 ? 0 : (hit.rateLimited / hit.requests) * 100;
  const limit = limits.find((candidate) => candidate.operations.some((name) => name === hit.operation));
  const parts = [
    `${hit.method} ${hit.route}: ${hit.rateLimited} of ${hit.requests} requests (${share.toFixed(share < 10 ? 1 : 0)}%) were refused with 429.`,
    limit === undefined ? headerLimit(hit.failure) : `The ${limit.name} limit is ${describeLimit(limit)}.`,
    throughput(hit),
  ];
  const retryAfter = hit.failure?.retryAfterSeconds;
  if (retryAfter !== undefined) parts.push(`The target says to try again after ${retryAfter} s.`);
  return parts.filter((part) => part !== undefined).join(' ');
}

/** Per minute where there was a minute: a shorter run may have spent the allowance of a whole one at once. */
function throughput({ requests, accepted, durationMs }: LimitHit): string {
  const minutes = durationMs / 60_000;
  if (minutes < 1) {
    return `In ${Math.round(durationMs / 1000)} s the run asked for ${requests}; ${accepted} got through.`;
  }
  const perMinute = (count: number): number => Math.round(count / minutes);
  return `The run asked for ${perMinute(requests)} per minute; ${perMinute(accepted)} per minute got through.`;
}

function headerLimit(failure: JarvisFailure | undefined): string | undefined {
  const limit = failure?.rateLimit?.limit;
  return limit === undefined ? undefined : `The target names a limit of ${limit} (X-RateLimit-Limit).`;
}
