/** A time range of constant rate, up to the next one. */
interface Segment {
  readonly startMs: number;
  /** Arrivals per time unit. */
  readonly rate: number;
  /** Arrivals expected before it. */
  readonly before: number;
}

/**
 * The expected number of arrivals up to time t under a rate that is set while the run is on, and its inverse. The count
 * goes on at each change, so the fraction of an arrival that has built up is carried over: arrival k starts when k are
 * expected, whatever the changes.
 *
 * Must hold: the owner asks for arrivals in ascending order, and after a change asks again for the one not yet handed out.
 */
export class SteeredRate {
  readonly #timeUnitMs: number;
  readonly #segments: Segment[];
  /** Segment of the previous result: callers ask in ascending order. */
  #cursor = 0;

  /** @param rate arrivals per `timeUnitMs` from offset 0 on */
  constructor(rate: number, timeUnitMs: number) {
    this.#timeUnitMs = timeUnitMs;
    this.#segments = [{ startMs: 0, rate, before: 0 }];
  }

  /** Sets the rate from an offset on, which is not before that of the last change. */
  change(atMs: number, rate: number): void {
    const last = this.#segments.at(-1)!;
    const startMs = Math.max(atMs, last.startMs);
    const before = last.before + (last.rate * (startMs - last.startMs)) / this.#timeUnitMs;
    this.#segments.push({ startMs, rate, before });
  }

  /** Offset in milliseconds after which more than `arrivals` are expected; `undefined` if the rate stays 0 before that. */
  offsetOf(arrivals: number): number | undefined {
    const segments = this.#segments;
    while (this.#cursor < segments.length - 1 && arrivals >= segments[this.#cursor + 1]!.before)
      this.#cursor++;
    const { startMs, rate, before } = segments[this.#cursor]!;
    if (rate === 0) return undefined;
    return startMs + ((arrivals - before) * this.#timeUnitMs) / rate;
  }
}
