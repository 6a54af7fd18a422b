import type { LimitedOperation } from '@jarvis-load/engine';
import type { JarvisFailure } from '../dialects/decode-failure.ts';
import { describeLimit } from './limit-advice.ts';
import type { RateLimit } from './limits.ts';

/** What a run measured of one operation that was refused with 429. */
export interface LimitHit extends Omit<LimitedOperation, 'example'> {
  /** One decoded refusal. */
  readonly failure?: JarvisFailure;
}

/**
 * Text for a report: which limit was hit and what it allows, from the known limit of the target or else its headers,
 * and the rate that was accepted.
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

/** Rates per minute only for runs of at least a minute: a shorter run may use a whole minute's allowance at once. */
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
