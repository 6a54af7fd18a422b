import { highestValueAt, type HistogramSnapshot } from '@jarvis-load/engine/recorder';
import type { Packable } from '../protocol/write-message.ts';
import { responseBucket } from './response-bucket.ts';

/** What is added to an entry: requests that completed between two moments, milliseconds since the epoch. */
export interface EntryAddition {
  readonly requests: number;
  readonly failures: number;
  readonly bytes: number;
  readonly times: readonly HistogramSnapshot[];
  readonly startWallMs: number;
  readonly endWallMs: number;
}

/**
 * Statistics of one name and method since the last report: Locust's `StatsEntry`. Reported are response times in milliseconds and
 * moments in seconds since the epoch.
 */
export class StatsEntry {
  readonly name: string;
  readonly method: string;
  #requests = 0;
  #withoutTime = 0;
  #failures = 0;
  #totalUs = 0;
  #minUs = Number.POSITIVE_INFINITY;
  #maxUs = 0;
  #bytes = 0;
  #startSeconds: number | undefined;
  #lastSeconds: number | undefined;
  readonly #times = new Map<number, number>();
  readonly #requestsAt = new Map<number, number>();
  readonly #failuresAt = new Map<number, number>();

  constructor(name: string, method: string) {
    this.name = name;
    this.method = method;
  }

  get isEmpty(): boolean {
    return this.#requests === 0;
  }

  add({ requests, failures, bytes, times, startWallMs, endWallMs }: EntryAddition): void {
    // Also without requests: the time between the first report and the last request is the run's, for rates.
    this.#startSeconds ??= startWallMs / 1000;
    if (requests === 0) return;
    this.#requests += requests;
    this.#failures += failures;
    this.#bytes += bytes;
    let timed = 0;
    for (const { count, sum, min, max, indexes, counts } of times) {
      if (count === 0) continue;
      timed += count;
      this.#totalUs += sum;
      this.#minUs = Math.min(this.#minUs, min);
      this.#maxUs = Math.max(this.#maxUs, max);
      for (let k = 0; k < indexes.length; k++) {
        // The bucket of the largest value may reach beyond it.
        const us = Math.min(highestValueAt(indexes[k]!), max);
        increase(this.#times, responseBucket(us / 1000), counts[k]!);
      }
    }
    this.#withoutTime += Math.max(0, requests - timed);
    spread(this.#requestsAt, requests, startWallMs, endWallMs);
    spread(this.#failuresAt, failures, startWallMs, endWallMs);
    this.#lastSeconds = endWallMs / 1000;
  }

  /** @param idleSeconds start of an entry to which nothing was added, seconds since the epoch */
  report(idleSeconds: number): Packable {
    const timed = this.#requests > this.#withoutTime;
    return {
      name: this.name,
      method: this.method,
      last_request_timestamp: this.#lastSeconds ?? null,
      start_time: this.#startSeconds ?? idleSeconds,
      num_requests: this.#requests,
      num_none_requests: this.#withoutTime,
      num_failures: this.#failures,
      total_response_time: this.#totalUs / 1000,
      max_response_time: this.#maxUs / 1000,
      // Not 0: the master takes the smallest of all reports.
      min_response_time: timed ? this.#minUs / 1000 : null,
      total_content_length: this.#bytes,
      response_times: this.#times,
      num_reqs_per_sec: this.#requestsAt,
      num_fail_per_sec: this.#failuresAt,
    };
  }
}

/** Divides a count over the seconds between two moments, in proportion to their part of it; the parts add up. */
function spread(seconds: Map<number, number>, count: number, startWallMs: number, endWallMs: number): void {
  if (count === 0) return;
  const length = endWallMs - startWallMs;
  let given = 0;
  for (let second = Math.floor(startWallMs / 1000); second * 1000 < endWallMs; second++) {
    const until = Math.min(endWallMs, (second + 1) * 1000);
    const upTo = until === endWallMs ? count : Math.round((count * (until - startWallMs)) / length);
    if (upTo > given) increase(seconds, second, upTo - given);
    given = upTo;
  }
  if (given < count) increase(seconds, Math.floor(endWallMs / 1000), count - given);
}

function increase(counts: Map<number, number>, key: number, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
