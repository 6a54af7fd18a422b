import type { Clock, Timer } from '../../src/clock.ts';

interface Waiting {
  readonly atMs: number;
  readonly callback: () => void;
}

/** A clock that advances only in `advance`. */
export class VirtualClock implements Clock {
  /** Delay of every timer, as on a busy machine. */
  latenessMs = 0;
  readonly #epochMs: number;
  #elapsedMs = 0;
  #waiting: Waiting[] = [];

  constructor(epochMs = Date.UTC(2026, 0, 1)) {
    this.#epochMs = epochMs;
  }

  nowMs(): number {
    return this.#epochMs + this.#elapsedMs;
  }

  elapsedMs(): number {
    return this.#elapsedMs;
  }

  at(deadlineMs: number, callback: () => void): Timer {
    const entry = { atMs: Math.max(deadlineMs, this.#elapsedMs) + this.latenessMs, callback };
    this.#waiting.push(entry);
    return {
      cancel: () => {
        this.#waiting = this.#waiting.filter((other) => other !== entry);
      },
    };
  }

  advanceTo(elapsedMs: number): void {
    for (;;) {
      const due = this.#waiting
        .filter(({ atMs }) => atMs <= elapsedMs)
        .toSorted((a, b) => a.atMs - b.atMs)[0];
      if (due === undefined) break;
      this.#waiting = this.#waiting.filter((other) => other !== due);
      this.#elapsedMs = due.atMs;
      due.callback();
    }
    this.#elapsedMs = elapsedMs;
  }

  advance(ms: number): void {
    this.advanceTo(this.#elapsedMs + ms);
  }
}
