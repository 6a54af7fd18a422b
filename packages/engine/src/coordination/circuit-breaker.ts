import { FAILS, OUTCOMES } from '../outcome.ts';
import type { CircuitBreakerOptions } from '../model/run-options.ts';
import type { Measures } from '../recorder/measures.ts';

const RATE_LIMITED = OUTCOMES.indexOf('rate_limited');
const CONNECTION_ERROR = OUTCOMES.indexOf('connection_error');
const TIMEOUT = OUTCOMES.indexOf('timeout');
const DOWN_SHARE = 0.9;
/** Tolerance for the jitter of interval ends. */
const GRAIN_MS = 100;

interface Second {
  readonly startMs: number;
  readonly requests: number;
  readonly failed: number;
  readonly unreachable: number;
}

/**
 * Says that a run should end, as its target is down or keeps failing: more load would give no information. The caller ends it.
 *
 * Must hold: `watch` gets each interval once, in order; it keeps those of the last `forMs`, and judges them once so much of the run
 * has passed and `minRequests` are in them. The CLI uses it for k6, too.
 */
export class CircuitBreaker {
  readonly #share: number;
  readonly #forMs: number;
  readonly #minRequests: number;
  #seconds: Second[] = [];

  constructor({ failureShare = 0.9, forMs = 10_000, minRequests = 20 }: CircuitBreakerOptions) {
    this.#share = failureShare;
    this.#forMs = forMs;
    this.#minRequests = minRequests;
  }

  /**
   * Takes the next interval; returns a reason if the run should end. Responses with 429 count neither as requests nor as
   * failures. Times are since the start of the run.
   */
  watch(interval: Measures, startMs: number, endMs: number): string | undefined {
    let requests = 0;
    let failed = 0;
    let unreachable = 0;
    for (const { outcomes } of interval.operations) {
      outcomes.forEach((count, outcome) => {
        if (outcome === RATE_LIMITED) return;
        requests += count;
        if (FAILS[outcome]!) failed += count;
        if (outcome === CONNECTION_ERROR || outcome === TIMEOUT) unreachable += count;
      });
    }
    this.#seconds.push({ startMs, requests, failed, unreachable });
    while (this.#seconds.length > 1 && endMs - this.#seconds[0]!.startMs > this.#forMs + GRAIN_MS) {
      this.#seconds.shift();
    }
    if (endMs < this.#forMs - GRAIN_MS) return undefined;
    const sum = this.#seconds.reduce((total, second) => ({
      startMs,
      requests: total.requests + second.requests,
      failed: total.failed + second.failed,
      unreachable: total.unreachable + second.unreachable,
    }));
    if (sum.requests < this.#minRequests || !this.#tooMany(sum)) return undefined;
    const share = `${((100 * sum.failed) / sum.requests).toFixed(0)}% of ${sum.requests} requests failed in the last ${this.#forMs / 1000} s`;
    return sum.unreachable / sum.requests > DOWN_SHARE ? `the target is down: ${share}` : share;
  }

  /** A share cannot exceed a limit of 1, so there every request must have failed. */
  #tooMany({ failed, requests }: Pick<Second, 'failed' | 'requests'>): boolean {
    return failed === requests || failed / requests > this.#share;
  }
}
