import type { Clock } from '../clock/clock.ts';
import type { Flight } from './flight.ts';

/** A request on a connection that was idle for less was not refused for that: servers close idle ones after seconds. */
const STALE_IDLE_MS = 1000;
/** A refusal on the loopback takes less than this, whatever the connect took. */
const STALE_ANSWER_MS = 2;

/**
 * Tells whether a connection broke because the server had closed it, idle, before it saw the request: the refusal comes
 * back within about a round trip, without a byte of an answer. A server that breaks off while it works on a request takes
 * longer. How long this thread takes to look is no part of it: the time counts from the first turn of its event loop on.
 */
export class StaleWatch {
  readonly #clock: Clock;
  /** Until then a broken connection is a refusal. */
  #untilMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The flight has just been sent. @param roundTripMs of this connection */
  sent(flight: Flight, roundTripMs: number): void {
    this.#untilMs = Number.NEGATIVE_INFINITY;
    if (!(flight.idleMs >= STALE_IDLE_MS)) return;
    this.#untilMs = Number.POSITIVE_INFINITY;
    const { sentMs } = flight;
    this.#clock.soon(() => {
      // A flight is used again: by now it may be another request.
      if (flight.sentMs === sentMs) {
        this.#untilMs = this.#clock.now() + Math.max(2 * roundTripMs, STALE_ANSWER_MS);
      }
    });
  }

  /** Whether a connection that broke under the flight was a refusal. */
  refused(flight: Flight, nowMs: number): boolean {
    return Number.isNaN(flight.firstByteMs) && nowMs <= this.#untilMs;
  }
}
