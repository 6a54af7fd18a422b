import type { Pacer } from '../clock/pacer.ts';
import type { ArrivalFile } from '../data/arrival-file.ts';
import type { Arrival } from '../model/arrival.ts';
import type { ArrivalPacing } from './arrival-pacing.ts';
import { offsetOf } from './replayed-rows.ts';

/**
 * Arrivals at the times of a file, each with its row, which is read from the disk when it is due.
 *
 * Must hold: the pacer asks for the time of an arrival only after it has handed out the one before (`clock/pacer.ts`).
 */
export class ReplayedPacing implements ArrivalPacing {
  readonly #pacer: Pacer;
  readonly #file: ArrivalFile;
  readonly #rows: { next(): number | undefined };
  readonly #scale: { readonly timeScale: number };

  /** @param rows of this thread, ascending */
  constructor(
    pacer: Pacer,
    file: ArrivalFile,
    rows: { next(): number | undefined },
    scale: { readonly timeScale: number },
  ) {
    this.#pacer = pacer;
    this.#file = file;
    this.#rows = rows;
    this.#scale = scale;
  }

  run(
    startMs: number,
    _endMs: number,
    due: (intendedMs: number, nowMs: number, arrival?: Arrival) => void,
    finished: () => void,
  ): () => void {
    let row: number | undefined;
    const instants = {
      next: (): number | undefined => {
        row = this.#rows.next();
        return row === undefined ? undefined : offsetOf(this.#file, row, this.#scale);
      },
    };
    return this.#pacer.run(
      instants,
      startMs,
      (intendedMs, nowMs) => due(intendedMs, nowMs, this.#file.arrival(row!)),
      finished,
    );
  }

  setRate(): boolean {
    return false;
  }
}
