import type { Outcome } from '@jarvis-load/engine/outcome';
import type { CompiledOperation } from '@jarvis-load/engine/ingest';
import { responseMs, type FailureWords, type Trail } from './trail.ts';

/** Requests whose outcome the script has not told yet, at most; one each user, in a sane file. */
const MOST_WAITING = 50_000;
/** A script that tells outcomes does so at once; one that has not after so long does not. */
const UNTOLD_AFTER_MS = 2000;

/** Requests of one operation that wait for their outcome, oldest first. */
export interface Queue {
  readonly operation: CompiledOperation;
  readonly trails: Trail[];
}

/** Takes a request whose outcome is settled. */
export type OnSettled = (
  operation: CompiledOperation,
  trail: Trail,
  outcome: Outcome,
  words: FailureWords,
) => void;

const NO_WORDS: FailureWords = { code: undefined, message: undefined };

/**
 * Requests between k6's own samples of them and what the script says became of them. k6 tags a request before its
 * answer is there, so the script's sample comes a moment later, without a link to the request; but it has the same
 * response time, to the last digit.
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

  /** The script is one that tells outcomes: its requests are waited for, however long it takes. */
  expect(): void {
    this.#scriptTells = true;
  }

  add(queue: Queue, trail: Trail): void {
    queue.trails.push(trail);
    this.#waiting++;
    if (!this.#scriptTells) this.#settleUntold(queue, trail.endMs - UNTOLD_AFTER_MS);
    else if (this.#waiting > MOST_WAITING) this.#settleUntold(queue, trail.endMs);
  }

  /** The outcome of the request of this queue that took just as long. */
  tell(queue: Queue, durationMs: number, outcome: Outcome, words: FailureWords): void {
    const place = queue.trails.findIndex((trail) => responseMs(trail) === durationMs);
    if (place === -1) return;
    const [trail] = queue.trails.splice(place, 1);
    this.#waiting--;
    this.#onSettled(queue.operation, trail!, outcome, words);
  }

  /** Nothing more will be told. */
  finish(): void {
    for (const queue of this.#queues.values()) this.#settleUntold(queue, Number.POSITIVE_INFINITY);
  }

  /** Requests of which the script said nothing: what k6 knows of them has to do. */
  #settleUntold({ operation, trails }: Queue, beforeMs: number): void {
    let count = 0;
    while (count < trails.length && trails[count]!.endMs <= beforeMs) count++;
    for (const trail of trails.splice(0, count)) {
      this.#waiting--;
      this.#onSettled(operation, trail, trail.verdict.outcome, NO_WORDS);
    }
  }
}
