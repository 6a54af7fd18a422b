/**
 * Requests of k6 whose outcome only the script knows.
 *
 * Must hold:
 * - A trail is complete when it is added, and is settled once: by `tell`, by `finish`, or by `add` without an outcome of the
 *   script, if it is 2 s older than the added one before the first `expect`, or if more than 50,000 requests wait, this one among them.
 * - `tell` finds a request by its exact response time in the queue of its operation; if none waits there, nothing happens.
 * - `finish` follows the last sample.
 */
import type { Outcome } from '@jarvis-load/engine/outcome';
import type { CompiledOperation } from '@jarvis-load/engine/ingest';
import { responseMs, type FailureWords, type Trail } from './trail.ts';

/** Most requests that wait for the script's outcome; a plausible file has at most one per user. */
const MOST_WAITING = 50_000;
/** A script that reports outcomes does so immediately; requests older than this are settled without it. */
const UNTOLD_AFTER_MS = 2000;

/** Requests of one operation that wait for their outcome, oldest first. */
export interface Queue {
  readonly operation: CompiledOperation;
  readonly trails: Trail[];
}

/** Receives a request with its final outcome. */
export type OnSettled = (
  operation: CompiledOperation,
  trail: Trail,
  outcome: Outcome,
  words: FailureWords,
) => void;

const NO_WORDS: FailureWords = { code: undefined, message: undefined };

/**
 * Matches k6's samples of a request with the outcome that the script reports for it. The script's sample comes later
 * and without a link to the request, because k6 tags a request before its answer arrives. Both have exactly the same
 * response time, which is used as the key.
 */
export class UntoldRequests {
  readonly #onSettled: OnSettled;
  readonly #queues = new Map<number, Queue>();
  #waiting = 0;
  #scriptTells = false;

  constructor(onSettled: OnSettled) {
    this.#onSettled = onSettled;
  }

  queueOf(operation: CompiledOperation): Queue {
    let queue = this.#queues.get(operation.index);
    if (queue === undefined) this.#queues.set(operation.index, (queue = { operation, trails: [] }));
    return queue;
  }

  /** The script is known to report outcomes: its requests wait without a time limit. */
  expect(): void {
    this.#scriptTells = true;
  }

  add(queue: Queue, trail: Trail): void {
    queue.trails.push(trail);
    this.#waiting++;
    if (!this.#scriptTells) this.#settleUntold(queue, trail.endMs - UNTOLD_AFTER_MS);
    else if (this.#waiting > MOST_WAITING) this.#settleUntold(queue, trail.endMs);
  }

  /** Settles the request of this queue with exactly this response time. */
  tell(queue: Queue, durationMs: number, outcome: Outcome, words: FailureWords): void {
    const place = queue.trails.findIndex((trail) => responseMs(trail) === durationMs);
    if (place === -1) return;
    const [trail] = queue.trails.splice(place, 1);
    this.#waiting--;
    this.#onSettled(queue.operation, trail!, outcome, words);
  }

  /** No more outcomes will follow: settles all waiting requests. */
  finish(): void {
    for (const queue of this.#queues.values()) this.#settleUntold(queue, Number.POSITIVE_INFINITY);
  }

  /** Settles requests without a reported outcome, with what k6 knows of them. */
  #settleUntold({ operation, trails }: Queue, beforeMs: number): void {
    let count = 0;
    while (count < trails.length && trails[count]!.endMs <= beforeMs) count++;
    for (const trail of trails.splice(0, count)) {
      this.#waiting--;
      this.#onSettled(operation, trail, trail.verdict.outcome, NO_WORDS);
    }
  }
}
