import type { Clock, Timer } from '../clock.ts';

/** Answers that are generated at the same time: the more, the longer the gaps of each. */
export interface Batch {
  size: number;
  /** gap x (1 + growth x (size - 1)) */
  gapGrowth: number;
}

/** The steps of one answer. */
export interface DecodeSteps {
  readonly count: number;
  /** Time before step `index` (from 1) in a batch of one. */
  readonly gapMs: (index: number) => number;
  /** Called once per step, not before it is due. */
  readonly step: (index: number) => void;
  /** @param endMs when the last step was due */
  readonly end: (endMs: number) => void;
}

/**
 * Generates an answer step by step. Each step is due at a time counted from when the step before it was due, not from
 * when its timer woke up, so that the lateness of timers does not add up. Steps that are overdue follow at once.
 *
 * Must hold: the caller calls `start` once, and `stop` only after it, when the answer ends before its last step: until its end it
 * counts in `batch.size`, which lengthens the gaps of the others.
 */
export class Decode {
  readonly #clock: Clock;
  readonly #batch: Batch;
  readonly #steps: DecodeSteps;
  readonly #wake = (): void => this.#run();
  #next = 0;
  #dueMs: number;
  #timer: Timer | undefined;
  #isOver = false;

  /** @param firstMs when the first step is due */
  constructor(clock: Clock, batch: Batch, firstMs: number, steps: DecodeSteps) {
    this.#clock = clock;
    this.#batch = batch;
    this.#dueMs = firstMs;
    this.#steps = steps;
  }

  /** Begins; steps that are due are called before it returns. */
  start(): void {
    this.#batch.size += 1;
    this.#run();
  }

  /** Ends it before its last step; `end` is not called. */
  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#batch.size -= 1;
    this.#timer?.cancel();
  }

  #run(): void {
    const nowMs = this.#clock.elapsedMs();
    while (!this.#isOver && this.#dueMs <= nowMs) this.#advance();
    if (!this.#isOver) this.#timer = this.#clock.at(this.#dueMs, this.#wake);
  }

  #advance(): void {
    const { count } = this.#steps;
    if (this.#next < count) this.#steps.step(this.#next);
    // A step can end the answer.
    if (this.#isOver) return;
    this.#next += 1;
    if (this.#next >= count) {
      this.stop();
      this.#steps.end(this.#dueMs);
      return;
    }
    this.#dueMs += this.#steps.gapMs(this.#next) * (1 + this.#batch.gapGrowth * (this.#batch.size - 1));
  }
}
