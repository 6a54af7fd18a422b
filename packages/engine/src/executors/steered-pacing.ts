import type { Pacer } from '../clock/pacer.ts';
import type { ArrivalPositions } from '../plan/arrivals.ts';
import type { SteeredRate } from '../plan/steered-rate.ts';
import type { ArrivalPacing } from './arrival-pacing.ts';
import type { SharedCounts } from './executor.ts';

/**
 * A schedule whose rate is set while the run is on. A change moves the arrivals that have not been handed out, and
 * leaves those that have. It takes effect at the same moment in every thread, although a busy thread reads its message
 * later: a change is announced in shared memory before it takes effect, and a thread that sees one whose message it has
 * not read hands out nothing until then. The arrivals of that time are late, which their pacer lag says, and not lost.
 */
export class SteeredPacing implements ArrivalPacing {
  readonly #pacer: Pacer;
  readonly #positions: ArrivalPositions;
  readonly #rate: SteeredRate;
  readonly #shared: SharedCounts;
  /** Changes before the start, with their clock times. */
  readonly #early: { readonly rate: number; readonly atMs: number }[] = [];
  /** Changes applied so far. */
  #changes = 0;
  /** The arrival that is handed out next, unless it has been `taken`. */
  #position = 0;
  #taken = true;
  #startMs = Number.NaN;
  /** Starts to wait for the next arrival anew; `undefined` before the start and after the end. */
  #pace: (() => void) | undefined;
  #stop: () => void = () => undefined;

  /** @param positions those of this thread */
  constructor(pacer: Pacer, positions: ArrivalPositions, rate: SteeredRate, shared: SharedCounts) {
    this.#pacer = pacer;
    this.#positions = positions;
    this.#rate = rate;
    this.#shared = shared;
  }

  run(
    startMs: number,
    endMs: number,
    due: (intendedMs: number, nowMs: number) => void,
    finished: () => void,
  ): () => void {
    this.#startMs = startMs;
    for (const { rate, atMs } of this.#early.splice(0)) this.#change(rate, atMs);
    const instants = { next: () => this.#next(endMs - startMs) };
    const handOut = (intendedMs: number, nowMs: number): void => {
      if (this.#isBehind) {
        this.#stop();
        return;
      }
      this.#taken = true;
      due(intendedMs, nowMs);
    };
    let paced = 0;
    this.#pace = () => {
      const mine = ++paced;
      this.#stop();
      if (this.#isBehind) return;
      const stop = this.#pacer.run(instants, startMs, handOut, () => mine === paced && finished());
      // Scenario code that ran synchronously may have changed the rate or stopped the run.
      if (mine === paced) this.#stop = stop;
      else stop();
    };
    this.#pace();
    return () => {
      paced++;
      this.#stop();
      this.#pace = undefined;
    };
  }

  setRate(rate: number, atMs: number): boolean {
    this.#changes++;
    if (Number.isNaN(this.#startMs)) {
      this.#early.push({ rate, atMs });
      return true;
    }
    this.#change(rate, atMs);
    this.#pace?.();
    return this.#pace !== undefined;
  }

  /** Whether a change has been announced whose message has not been read; it starts the pacing again. */
  get #isBehind(): boolean {
    return this.#shared.changes > this.#changes;
  }

  #change(rate: number, atMs: number): void {
    this.#rate.change(Math.max(0, atMs - this.#startMs), rate);
  }

  #next(durationMs: number): number | undefined {
    if (this.#taken) this.#position = this.#positions.next();
    this.#taken = false;
    const offsetMs = this.#rate.offsetOf(this.#position);
    return offsetMs === undefined || offsetMs >= durationMs ? undefined : offsetMs;
  }
}
