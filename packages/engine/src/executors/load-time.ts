import type { Clock } from '../model/clock.ts';

/**
 * How long an executor has generated load: from its start to the moment after which no iteration starts, without pauses and the
 * drain; of a number of iterations to the end of the last one, as one may hold most of the load. `pause` may come before `begin`.
 */
export class LoadTime {
  readonly #clock: Clock;
  /** Users times milliseconds so far. */
  readonly #readUserMs: () => number;
  #startMs = Number.NaN;
  #latestMs = Number.POSITIVE_INFINITY;
  #endMs = Number.NaN;
  #endUserMs = Number.NaN;
  #pausedMs = 0;
  /** Clock time at which the current pause started. */
  #pausedFromMs = Number.NaN;

  constructor(clock: Clock, readUserMs: () => number = () => 0) {
    this.#clock = clock;
    this.#readUserMs = readUserMs;
  }

  /** Milliseconds so far; 0 before the start. */
  get ms(): number {
    if (Number.isNaN(this.#startMs)) return 0;
    const endMs = Number.isNaN(this.#endMs) ? Math.min(this.#clock.now(), this.#latestMs) : this.#endMs;
    const pausedMs = Number.isNaN(this.#pausedFromMs) ? 0 : Math.max(0, endMs - this.#pausedFromMs);
    return Math.max(0, endMs - this.#startMs - this.#pausedMs - pausedMs);
  }

  /** Users times milliseconds in that time. */
  get userMs(): number {
    return Number.isNaN(this.#endUserMs) ? this.#readUserMs() : this.#endUserMs;
  }

  /**
   * @param startMs clock time
   * @param latestMs clock time of the planned end; a late timer does not extend the load time beyond it
   */
  begin(startMs: number, latestMs = Number.POSITIVE_INFINITY): void {
    this.#startMs = startMs;
    this.#latestMs = latestMs;
    this.#pausedMs = 0;
    if (!Number.isNaN(this.#pausedFromMs)) this.#pausedFromMs = startMs;
  }

  /** Paused time does not count as load time. */
  pause(): void {
    if (Number.isNaN(this.#pausedFromMs)) this.#pausedFromMs = this.#clock.now();
  }

  resume(): void {
    if (Number.isNaN(this.#pausedFromMs) || !Number.isNaN(this.#endMs)) return;
    this.#pausedMs += this.#clock.now() - this.#pausedFromMs;
    this.#pausedFromMs = Number.NaN;
  }

  /** The first call counts. */
  end(): void {
    if (!Number.isNaN(this.#endMs)) return;
    this.#endMs = Math.min(this.#clock.now(), this.#latestMs);
    this.#endUserMs = this.#readUserMs();
  }
}
