import type { Clock, ClockTimer } from './clock.ts';

/**
 * How the pacer waits: `efficient` uses timers, whose grain is a millisecond; `precise` turns the event loop over
 * the last part of each wait, which costs most of a core.
 */
export type PacerMode = 'efficient' | 'precise';

/** How long before the goal `precise` leaves the timer: a timer may be late by its grain and a loop turn. */
const SPIN_MS = 1.5;

/** How long `precise` looks at the clock before it looks for answers: a turn for each look makes garbage, and collecting it makes lag. */
const LOOK_MS = 0.02;

/** So late, what is due does not wait for the other answers of a turn: large ones take milliseconds each to check. */
const LATE_MS = 2;

/**
 * Longest time that one wake-up hands out for. A schedule faster than this thread would otherwise keep the event loop for
 * ever: no answer, no signal and no end of the run would be seen.
 */
const TURN_MS = 10;

/** Instants to wait for, ascending, as offsets in milliseconds. */
export interface Instants {
  next(): number | undefined;
}

/** The only thing that waits for the schedules of a thread. Never early: after every wake-up it looks at the clock again. */
export class Pacer {
  readonly #clock: Clock;
  readonly #mode: PacerMode;
  readonly #schedules: Schedule[] = [];
  /** When the next of all schedules is due. */
  #nextMs = Number.POSITIVE_INFINITY;
  #looking = false;
  #spunMs = 0;

  constructor(clock: Clock, mode: PacerMode = 'efficient') {
    this.#clock = clock;
    this.#mode = mode;
  }

  /** Milliseconds that `precise` has spun away so far: an event loop that is kept busy by them has time to spare. */
  get spunMs(): number {
    return this.#spunMs;
  }

  /**
   * Calls `due(intendedMs, nowMs)` for every instant, in order, all that is due at each wake-up; then `finished`.
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
   * An answer has come. libuv counts a timer's wait in whole milliseconds from the last turn of the loop, so that each
   * answer puts off what is due by up to one more: while awake anyway, it is cheaper to look than to sleep again.
   * @param nowMs clock time
   */
  answered(nowMs: number): void {
    if (nowMs < this.#nextMs || this.#looking) return;
    this.#looking = true;
    if (nowMs - this.#nextMs > LATE_MS) queueMicrotask(this.#look);
    // After the other answers of this turn: what they set free is there for what is due.
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

/** One list of instants, handed out as they become due. */
class Schedule {
  /** Clock time of the next instant. */
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
  /** Whether the event loop comes back without a timer. */
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

  /** Hands out what is due, and waits for what is not. */
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

  /** Comes back after one turn of the event loop. */
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
