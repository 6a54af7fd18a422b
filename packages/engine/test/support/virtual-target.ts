import type { Clock } from '../../src/clock/clock.ts';
import type { Connection, Flight, Transport, TransportFailure } from '../../src/transport/flight.ts';
import type { Script } from './scripted-server.js';

/**
 * What a scripted server is, on a virtual clock: a transport whose connections answer when the script says, to the
 * last digit, in no real time. Takes the requests of all its connections in the order in which they are sent.
 */
export class VirtualTarget implements Transport {
  opened = 0;
  readonly #clock: Clock;
  readonly #script: Script;
  #firstMs = Number.NaN;
  #lastDueMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, script: Script) {
    this.#clock = clock;
    this.#script = script;
  }

  connection(): Connection {
    this.opened++;
    let flight: Flight | undefined;
    const end = (failure: TransportFailure | undefined): void => {
      const ending = flight;
      if (ending === undefined) return;
      flight = undefined;
      ending.endMs = this.#clock.now();
      ending.failure = failure;
      ending.ended();
    };
    const connection = {
      usable: true,
      open: () => Promise.resolve(true),
      send: (sent: Flight) => {
        flight = sent;
        const nowMs = this.#clock.now();
        sent.sentMs = nowMs;
        sent.requestSentMs = nowMs;
        this.#clock.setTimer(this.#dueMs(nowMs) - nowMs, () => {
          sent.firstByteMs = this.#clock.now();
          sent.status = 200;
          end(undefined);
        });
      },
      cancel: (failure: TransportFailure) => {
        end(failure);
        connection.close();
      },
      close: () => {
        connection.usable = false;
      },
    };
    return connection;
  }

  #dueMs(nowMs: number): number {
    const { latencyMs = 0, servicePerSecond, stall } = this.#script;
    if (Number.isNaN(this.#firstMs)) this.#firstMs = nowMs;
    const sinceMs = nowMs - this.#firstMs;
    const held = stall !== undefined && sinceMs >= stall.atMs && sinceMs < stall.atMs + stall.forMs;
    const startMs = held ? this.#firstMs + stall.atMs + stall.forMs : nowMs;
    const dueMs =
      servicePerSecond === undefined
        ? startMs + latencyMs
        : Math.max(startMs, this.#lastDueMs) + 1000 / servicePerSecond;
    this.#lastDueMs = dueMs;
    return dueMs;
  }
}
