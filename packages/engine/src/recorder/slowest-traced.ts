import type { TracedRequest, TracedRequests } from '../model/traced-request.ts';

/** Most requests that are kept of an operation. */
const MOST_KEPT = 5;

/**
 * Keeps the slowest traced requests of one operation in one thread; hands over only those that are new. `wants` counts the
 * request: it is called once for each, and `add` only after it returned true.
 */
export class SlowestTraced {
  #requests = 0;
  /** Of the run, slowest first. */
  #kept: TracedRequest[] = [];
  readonly #fresh = new Set<TracedRequest>();

  /** Counts a request; returns whether it is to be kept. */
  wants(responseTimeMs: number): boolean {
    this.#requests++;
    return this.#kept.length < MOST_KEPT || responseTimeMs > this.#kept.at(-1)!.responseTimeMs;
  }

  add(request: TracedRequest): void {
    this.#kept.push(request);
    this.#fresh.add(request);
    this.#kept.sort(slowestFirst);
    const dropped = this.#kept.length > MOST_KEPT ? this.#kept.pop() : undefined;
    if (dropped !== undefined) this.#fresh.delete(dropped);
  }

  /** Puts another in the place of a request that was not handed over yet. */
  replace(request: TracedRequest, by: TracedRequest): void {
    if (!this.#fresh.delete(request)) return;
    this.#fresh.add(by);
    this.#kept[this.#kept.indexOf(request)] = by;
  }

  /** Returns what is new, and resets; undefined: nothing. */
  flush(): TracedRequests | undefined {
    if (this.#requests === 0) return undefined;
    const flushed = { requests: this.#requests, slowest: this.#kept.filter((each) => this.#fresh.has(each)) };
    this.#requests = 0;
    this.#fresh.clear();
    return flushed;
  }
}

/** Both together, with the slowest of them. */
export function mergeTraced(a: TracedRequests | undefined, b: TracedRequests): TracedRequests {
  if (a === undefined) return b;
  const slowest = [...a.slowest, ...b.slowest].sort(slowestFirst).slice(0, MOST_KEPT);
  return { requests: a.requests + b.requests, slowest };
}

function slowestFirst(a: TracedRequest, b: TracedRequest): number {
  return b.responseTimeMs - a.responseTimeMs;
}
