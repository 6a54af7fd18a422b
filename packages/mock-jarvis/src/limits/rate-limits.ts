import type { RateLimit } from '@jarvis-load/jarvis';
import { configuredLimits } from '../config/limits.ts';
import type { MockConfig } from '../config/schema.ts';
import type { LimitedOperation } from '../operations.ts';
import { WindowLimiter } from './window-limiter.ts';
import type { LimitVerdict } from './window-limiter.ts';

/** Identity that a request is counted under. */
export interface Caller {
  readonly ip: string;
  readonly token: string | undefined;
  readonly user: string | undefined;
}

interface Rule {
  readonly limit: RateLimit;
  readonly limiter: WindowLimiter;
}

const keyOf = (scope: RateLimit['scope'], caller: Caller): string => {
  if (scope === 'token' && caller.token !== undefined) return caller.token;
  if (scope === 'user' && caller.user !== undefined) return caller.user;
  return caller.ip;
};

/** All limits in force, by operation. */
export class RateLimits {
  #rules: ReadonlyMap<string, readonly Rule[]> = new Map();

  constructor(config: MockConfig) {
    this.configure(config);
  }

  /** Replaces all limits; counting restarts from zero. */
  configure(config: MockConfig): void {
    const rules = new Map<string, Rule[]>();
    for (const limit of configuredLimits(config)) {
      const rule = { limit, limiter: new WindowLimiter(limit.requests, limit.perSeconds * 1000) };
      for (const operation of limit.operations) rules.set(operation, [...(rules.get(operation) ?? []), rule]);
    }
    this.#rules = rules;
  }

  /** Counts the request against every limit of its operation; returns the verdict of the tightest. */
  check(operation: LimitedOperation, caller: Caller, nowMs: number): LimitVerdict | undefined {
    const rules = this.#rules.get(operation);
    if (rules === undefined) return undefined;
    let tightest: LimitVerdict | undefined;
    for (const { limit, limiter } of rules) {
      const verdict = limiter.check(keyOf(limit.scope, caller), nowMs);
      const isTighter =
        tightest === undefined ||
        (tightest.allowed && !verdict.allowed) ||
        (tightest.allowed === verdict.allowed && verdict.remaining < tightest.remaining);
      if (isTighter) tightest = verdict;
    }
    return tightest;
  }
}
