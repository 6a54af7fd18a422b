import type { Instants, Pacer } from '../clock/pacer.ts';
import type { Arrival } from '../model/arrival.ts';

/** Hands out the arrivals of one scenario in one thread when they are due. `run` is called once. */
export interface ArrivalPacing {
  /**
   * Calls `due` for each arrival, in order, with its row where it has one. Calls `finished` when no arrival is left
   * before `endMs`, and again after every change of the rate, even if the change adds no arrival.
   * @param startMs clock time of offset 0
   * @param endMs clock time from which nothing is planned
   * @returns a function that ends the pacing
   */
  run(
    startMs: number,
    endMs: number,
    due: (intendedMs: number, nowMs: number, arrival?: Arrival) => void,
    finished: () => void,
  ): () => void;
  /** Sets the rate, in iterations per `timeUnit` of the executor, from a clock time on. False if the schedule is fixed or has ended. */
  setRate(rate: number, atMs: number): boolean;
}

/** A schedule that is known before the run. */
export class FixedPacing implements ArrivalPacing {
  readonly #pacer: Pacer;
  readonly #instants: Instants;

  constructor(pacer: Pacer, instants: Instants) {
    this.#pacer = pacer;
    this.#instants = instants;
  }

  run(
    startMs: number,
    _endMs: number,
    due: (intendedMs: number, nowMs: number) => void,
    finished: () => void,
  ): () => void {
    return this.#pacer.run(this.#instants, startMs, due, finished);
  }

  setRate(): boolean {
    return false;
  }
}
