import type { Clock, ClockTimer } from '../model/clock.ts';
import type {
  Flight,
  MessageConnection,
  MessageListener,
  TransportFailure,
  WireRequest,
} from '../model/flight.ts';
import { connectionClosed, truncatedBody } from '../transport/failure.ts';
import type { ScriptedAnswer, ScriptedPiece } from './scripted-answer.ts';

/**
 * A WebSocket of a `ScriptedTarget`: each message is a request to it, and each piece of the answer a message. The opening of a
 * channel is a request without a body: its status or failure refuses, its pieces are messages that the server sends by itself.
 */
export class ScriptedMessages implements MessageConnection {
  usable = true;
  readonly #clock: Clock;
  readonly #listener: MessageListener;
  readonly #arrive: (wire: WireRequest) => ScriptedAnswer;
  readonly #closed: () => void;
  #wire: WireRequest | undefined;
  #open = false;
  #flight: Flight | undefined;
  #unclaimedBytes = 0;
  readonly #timers = new Set<ClockTimer>();

  constructor(
    clock: Clock,
    listener: MessageListener,
    arrive: (wire: WireRequest) => ScriptedAnswer,
    closed: () => void,
  ) {
    this.#clock = clock;
    this.#listener = listener;
    this.#arrive = arrive;
    this.#closed = closed;
  }

  ready(): boolean {
    return true;
  }

  send(flight: Flight): void {
    this.#flight = flight;
    this.#wire ??= flight.wire;
    if (!this.usable) {
      this.#clock.soon(() => {
        if (this.#flight === flight) this.#finish(connectionClosed('before the message was sent'));
      });
    } else if (this.#open) {
      this.#begin(flight);
      if (flight.wire.body !== null) this.#answer(this.#arrive(flight.wire));
    } else {
      this.#opening(flight, this.#arrive(flight.wire));
    }
  }

  add(data: string | Uint8Array): void {
    this.#answer(this.#arrive({ ...this.#wire!, body: data, bodyBytes: data.length }));
  }

  complete(atMs: number): void {
    this.#finish(undefined, atMs);
  }

  cancel(failure: TransportFailure): void {
    if (!this.#open) this.#drop();
    this.#finish(failure);
  }

  close(): void {
    this.#drop();
    this.#finish(connectionClosed('by the engine'));
  }

  ping(): Promise<number> {
    return Promise.resolve(this.#open ? 0 : Number.NaN);
  }

  leave(): Promise<void> {
    this.#drop();
    return Promise.resolve();
  }

  /** The answer to the first request: a refusal is that of the handshake, and so is its delay where there is no message and no piece. */
  #opening(flight: Flight, answer: ScriptedAnswer): void {
    flight.sentMs = this.#clock.now();
    flight.requestSentMs = flight.sentMs;
    const { status = 101, failure } = answer;
    const alone = flight.wire.body === null;
    if (answer.afterMs === Number.POSITIVE_INFINITY) return;
    this.#after(alone && answer.pieces === undefined ? (answer.afterMs ?? 0) : 0, () => {
      if (failure !== undefined || status !== 101) {
        this.#drop();
        flight.status = failure === undefined ? status : 0;
        this.#finish(failure);
        return;
      }
      this.#open = true;
      if (this.#listener.opened()) this.#flight = undefined;
      else this.#begin(flight);
      if (!alone || answer.pieces !== undefined) this.#answer(answer);
    });
  }

  #begin(flight: Flight): void {
    flight.status = 101;
    flight.sentMs = this.#clock.now();
    flight.requestSentMs = flight.sentMs;
    flight.bytesReceived = this.#unclaimedBytes;
    this.#unclaimedBytes = 0;
  }

  #answer({ body = {}, afterMs = 0, pieces, cut = false, failure }: ScriptedAnswer): void {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const all: readonly ScriptedPiece[] =
      pieces ?? (failure === undefined ? [{ atMs: afterMs, bytes: text }] : []);
    for (const { atMs, bytes } of all) {
      if (atMs === Number.POSITIVE_INFINITY) return;
      this.#after(atMs, () => this.#deliver(bytes));
    }
    if (failure !== undefined) this.#after(afterMs, () => this.#lost(failure));
    else if (cut)
      this.#after(all.at(-1)?.atMs ?? afterMs, () => this.#lost(connectionClosed('by the server')));
  }

  #deliver(bytes: string | Uint8Array): void {
    const data = Buffer.from(bytes);
    const flight = this.#flight;
    const nowMs = this.#clock.now();
    if (flight === undefined) {
      this.#unclaimedBytes += data.length;
    } else {
      flight.bytesReceived += data.length;
      if (Number.isNaN(flight.firstByteMs)) flight.firstByteMs = nowMs;
    }
    if (this.#listener.message(data, typeof bytes !== 'string', nowMs)) this.#finish(undefined);
  }

  #lost(failure: TransportFailure): void {
    const bytes = this.#flight?.bytesReceived ?? 0;
    this.#drop();
    this.#finish(truncatedBody(failure, bytes));
  }

  #after(delayMs: number, callback: () => void): void {
    const timer = this.#clock.setTimer(delayMs, () => {
      this.#timers.delete(timer);
      callback();
    });
    this.#timers.add(timer);
  }

  #drop(): void {
    if (!this.usable) return;
    this.usable = false;
    for (const timer of this.#timers) this.#clock.clearTimer(timer);
    this.#timers.clear();
    this.#closed();
    this.#listener.closed();
  }

  #finish(failure: TransportFailure | undefined, atMs = this.#clock.now()): void {
    const flight = this.#flight;
    if (flight === undefined) return;
    this.#flight = undefined;
    flight.endMs = atMs;
    flight.failure = failure;
    flight.ended();
  }
}
