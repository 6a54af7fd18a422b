/*
 * Waits for the due times of all schedules of a thread. Never early: it reads the clock again after every wake-up.
 *
 * Must hold:
 * - A thread has one pacer and calls `answered` on each response: a timer alone may fire 1 ms after the due time.
 * - `due` is called synchronously; `run` itself calls it for what is already due. It may end its own pacing and begin others.
 * - `Instants` ascend. `next` is called once in `run`, then each time after `due` has returned: an implementation may remember
 *   which arrival it gave last.
 */

import type { Clock, ClockTimer } from '../model/clock.ts';
import { TURN_MS } from './turn.ts';

/**
 * How the pacer waits: `efficient` uses timers, whose resolution is a millisecond; `precise` busy-waits for the last
 * part of each wait, which costs most of a core.
 */
export type PacerMode = 'efficient' | 'precise';

/**
 * How long before the due time `precise` stops using a timer: a timer may be late by its resolution plus one loop turn.
 */
const SPIN_MS = 1.5;

/**
 * How long `precise` polls the clock before it lets the event loop read sockets. One loop turn per poll would allocate
 * so much that garbage collection causes lag.
 */
const LOOK_MS = 0.02;

/**
 * Arrivals later than this are started before the remaining responses of the loop turn are processed: checking a large
 * response takes milliseconds.
 */
const LATE_MS = 2;

/** Due times as ascending offsets in milliseconds; `undefined` after the last. */
export interface Instants {
  next(): number | undefined;
}

/** Waits for the due times of all schedules of a thread. */
export class Pacer {
  readonly #clock: Clock;
  readonly #mode: PacerMode;
  readonly #schedules: Schedule[] = [];
  /** Earliest due time of all schedules. */
  #nextMs = Number.POSITIVE_INFINITY;
  #looking = false;
  #spunMs = 0;

  constructor(clock: Clock, mode: PacerMode = 'efficient') {
    this.#clock = clock;
    this.#mode = mode;
  }

  /**
   * Milliseconds that `precise` has spent busy-waiting. Event-loop utilisation includes them, although they are spare
   * capacity.
   */
  get spunMs(): number {
    return this.#spunMs;
  }

  /**
   * Calls `due(intendedMs, nowMs)` for every due time, in order, at each wake-up all that are due, for `TURN_MS` at most; calls
   * `finished` after the last. Both may be called before `run` has returned.
   * @param originMs clock time of offset 0
   * @returns a function that ends the pacing without calling `finished`
   */
  run(
    instants: Instants,
    originMs: number,
    due: (intendedMs: number, nowMs: number) => void,
    finished: () => void,
  ): () => void {
    const end = (): void => {
      const place = this.#schedules.indexOf(schedule);
      if (place >= 0) this.#schedules.splice(place, 1);
      this.#findNext();
    };
    const schedule = new Schedule(
      this.#clock,
      this.#mode,
      instants,
      originMs,
      due,
      () => this.#findNext(),
      (durationMs) => {
        this.#spunMs += durationMs;
      },
      () => {
        end();
        finished();
      },
    );
    this.#schedules.push(schedule);
    schedule.wake();
    return () => {
      schedule.stop();
      end();
    };
  }

  /**
   * Call on each response. libuv counts timers in whole milliseconds from the last loop turn, so each response can
   * delay the pending timer by up to 1 ms; checking for due arrivals here avoids that delay.
   * @param nowMs clock time
   */
  answered(nowMs: number): void {
    if (nowMs < this.#nextMs || this.#looking) return;
    this.#looking = true;
    if (nowMs - this.#nextMs > LATE_MS) queueMicrotask(this.#look);
    // Run after the other responses of this loop turn: the users and connections that they release can serve due
    // arrivals.
    else this.#clock.soon(this.#look);
  }

  readonly #look = (): void => {
    this.#looking = false;
    const nowMs = this.#clock.now();
    for (const schedule of this.#schedules.filter(({ nextMs }) => nextMs <= nowMs)) schedule.wake();
  };

  #findNext(): void {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const schedule of this.#schedules) nextMs = Math.min(nextMs, schedule.nextMs);
    this.#nextMs = nextMs;
  }
}

/** One list of due times and its state. */
class Schedule {
  /** Clock time of the next due time. */
  nextMs: number;
  readonly #clock: Clock;
  readonly #mode: PacerMode;
  readonly #instants: Instants;
  readonly #originMs: number;
  readonly #due: (intendedMs: number, nowMs: number) => void;
  readonly #waiting: () => void;
  readonly #spun: (durationMs: number) => void;
  readonly #finished: () => void;
  #timer: ClockTimer | undefined;
  /** Whether a `soon` callback is pending. */
  #turning = false;
  #stopped = false;

  constructor(
    clock: Clock,
    mode: PacerMode,
    instants: Instants,
    originMs: number,
    due: (intendedMs: number, nowMs: number) => void,
    waiting: () => void,
    spun: (durationMs: number) => void,
    finished: () => void,
  ) {
    this.#clock = clock;
    this.#mode = mode;
    this.#instants = instants;
    this.#originMs = originMs;
    this.#due = due;
    this.#waiting = waiting;
    this.#spun = spun;
    this.#finished = finished;
    this.nextMs = this.#following();
  }

  /** Starts everything that is due, then waits for the next due time. */
  readonly wake = (): void => {
    if (this.#stopped) return;
    this.#clearTimer();
    this.#handOut();
    if (this.#stopped) return;
    if (this.nextMs === Number.POSITIVE_INFINITY) {
      this.#stopped = true;
      this.#finished();
      return;
    }
    this.#waiting();
    const remainingMs = this.nextMs - this.#clock.now();
    if (remainingMs <= 0) this.#takeTurn();
    else if (this.#mode === 'precise') this.#waitPrecisely(remainingMs);
    else this.#setTimer(Math.max(1, remainingMs));
  };

  stop(): void {
    this.#stopped = true;
    this.#clearTimer();
  }

  #handOut(): void {
    let nowMs = this.#clock.now();
    const endMs = nowMs + TURN_MS;
    while (!this.#stopped && this.nextMs <= nowMs && nowMs <= endMs) {
      this.#due(this.nextMs, nowMs);
      this.nextMs = this.#following();
      nowMs = this.#clock.now();
    }
  }

  #waitPrecisely(remainingMs: number): void {
    if (remainingMs > SPIN_MS + 1) {
      this.#setTimer(Math.floor(remainingMs - SPIN_MS));
      return;
    }
    if (this.#turning) return;
    const spinMs = Math.min(remainingMs, LOOK_MS);
    this.#clock.spin(spinMs);
    this.#spun(spinMs);
    this.#handOut();
    this.#waiting();
    this.#takeTurn();
  }

  /** Wakes up again after one loop turn. */
  #takeTurn(): void {
    if (this.#turning) return;
    this.#turning = true;
    this.#clock.soon(this.#turn);
  }

  readonly #turn = (): void => {
    this.#turning = false;
    this.wake();
  };

  #following(): number {
    const offsetMs = this.#instants.next();
    return offsetMs === undefined ? Number.POSITIVE_INFINITY : this.#originMs + offsetMs;
  }

  #setTimer(delayMs: number): void {
    this.#timer = this.#clock.setTimer(delayMs, this.wake);
  }

  #clearTimer(): void {
    if (this.#timer !== undefined) this.#clock.clearTimer(this.#timer);
    this.#timer = undefined;
  }
}
