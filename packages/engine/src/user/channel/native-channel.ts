import { parseDuration } from '../../duration.ts';
import type { Channel, ReceiveOptions, SendOptions, ChannelTurn } from '../../model/channel.ts';
import type { Clock, ClockTimer } from '../../model/clock.ts';
import type { CompiledStream } from '../../model/compiled-run.ts';
import type { MessageConnection, MessageListener } from '../../model/flight.ts';
import type { LoadResponse } from '../../model/load-response.ts';
import type { StreamPart } from '../../model/stream.ts';
import type { ConnectionSource, FlightWithConnection } from '../../transport/connections.ts';
import { wrongOptions } from '../../wrong-options.ts';
import { messageEvent, StreamReader, type Lead } from '../stream/stream-reader.ts';
import { RECEIVE_OPTIONS, SEND_OPTIONS, Until } from './until.ts';

const NORMAL = 1000;
/** Most messages that are kept for the next turn while none is under way. */
const MOST_WAITING = 1000;

/** A message that waits for its turn. */
interface Arrived {
  readonly data: Buffer;
  readonly binary: boolean;
  readonly atMs: number;
}

/** What a channel needs of its user. */
export interface ChannelUser {
  readonly clock: Clock;
  /** Whether messages are kept, to be shown. */
  readonly keep: boolean;
  /** Makes the request of a turn. @param message undefined: it waits for the server */
  launch(reader: StreamReader, message: string | Uint8Array | undefined): Promise<LoadResponse>;
  /** @param problem continues "the scenario ..." */
  problem(problem: string): Error;
  /** The channel is closed. */
  closed(channel: NativeChannel): void;
}

/**
 * A {@link Channel} of the native engine.
 *
 * Must hold:
 * - At most one turn has its request in flight (`#turn`). A message sent meanwhile is added to that turn.
 * - Parts of a turn that ended before its `done` part belong to no later turn: they are only counted until it comes
 *   (`#draining`).
 * - `#send` never ends a request synchronously: messages that came before it are delivered in a microtask.
 * - A message keeps the time of its arrival, however late the scenario takes it.
 */
export class NativeChannel implements Channel, MessageListener {
  refused: LoadResponse | undefined;
  readonly #user: ChannelUser;
  readonly #settings: CompiledStream;
  #connection: MessageConnection | undefined;
  /** Of the latest turn. */
  #reader: StreamReader | undefined;
  /** Whether the parts of the latest turn were asked for. */
  #asked = false;
  /** Of the turn under way. */
  #turn: StreamReader | undefined;
  /** Called when the connection is open. */
  #whenOpen: (() => void) | undefined;
  /** From the opening, for the first turn. */
  #lead: Lead | undefined;
  /** Whether parts still belong to a turn that ended before its `done` part. */
  #draining = false;
  /** Messages that came while no turn was under way. */
  readonly #waiting: Arrived[] = [];
  /** When messages were sent that interrupted a turn, and are answered by a later one. */
  readonly #interruptions: number[] = [];
  /** What the turn under way counts from: its own message, the interruption that it answers, or the wait for the server. */
  #beganMs = Number.NaN;
  /** Events that came while no turn was under way, beside those waiting. */
  #unclaimedEvents = 0;
  /** Header lines of the request that opened the connection. */
  #openedWith: string | undefined;
  /** Bytes of further messages of the turn under way, or of the next one. */
  #addedBytes = 0;
  #left = false;
  /** Of the requests of its turns. */
  readonly #source: ConnectionSource = {
    launch: (flight) => this.#send(flight),
    release: (flight) => this.#release(flight),
    withdraw: () => false,
    widen: () => undefined,
    close: () => this.abandon(),
  };

  constructor(user: ChannelUser, settings: CompiledStream) {
    this.#user = user;
    this.#settings = settings;
  }

  /** Opens the connection; resolves when it is open or refused, rejects for an unsendable request and when interrupted. */
  start(): Promise<this> {
    const reader = this.#newReader();
    return new Promise((resolve, reject) => {
      this.#whenOpen = () => {
        this.#lead = reader.request!.recall();
        resolve(this);
      };
      reader.response = this.#user.launch(reader, undefined);
      reader.response.then((response) => {
        this.refused = response;
        this.#user.closed(this);
        resolve(this);
      }, reject);
      // An unsendable request: there is nothing to close.
      reader.response.catch(() => {
        if (this.#connection === undefined) this.#user.closed(this);
      });
    });
  }

  get open(): boolean {
    return this.#connection?.usable === true && this.refused === undefined && !this.#left;
  }

  send(message: string | Uint8Array | object, options: SendOptions = {}): void {
    this.#check('sends', options, SEND_OPTIONS);
    const { more = false } = options;
    if (this.#left) throw this.#user.problem('sends on a channel that it has closed');
    const data = this.#encode(message);
    const turn = this.#turn;
    if (!more && turn !== undefined && this.#settings.endsWith === 'close' && turn.parts > 0) {
      this.#complete();
    } else if (more || turn !== undefined) {
      this.#add(data);
      return;
    }
    this.#begin(data);
  }

  [Symbol.asyncIterator](): AsyncIterator<StreamPart> {
    return (this.#current() ?? NOTHING)[Symbol.asyncIterator]();
  }

  async receive(options: ReceiveOptions = {}): Promise<ChannelTurn> {
    this.#check('receives', options, RECEIVE_OPTIONS);
    const { timeout } = options;
    const asked = options.until ?? undefined;
    const until = asked === undefined ? undefined : new Until(asked);
    const reader = this.#current();
    if (reader === undefined) return { parts: [], text: '', response: undefined, arrivalsMs: [] };
    const { clock } = this.#user;
    let timer: ClockTimer | undefined;
    if (timeout !== undefined) {
      const limitMs = parseDuration(timeout, 'timeout');
      timer = clock.setTimer(limitMs, () => reader.giveUp(limitMs));
    }
    const parts: StreamPart[] = [];
    try {
      if (until !== undefined && reader.completeWhen(until.completes) && this.#turn === reader) {
        this.#complete();
      }
      for await (const part of reader) parts.push(part);
    } finally {
      if (timer !== undefined) clock.clearTimer(timer);
    }
    if (until?.problem !== undefined) throw this.#user.problem(until.problem);
    const text = parts.map((part) => (part.kind === 'token' ? (part.text ?? '') : '')).join('');
    return { parts, text, response: await reader.response, arrivalsMs: reader.arrivalsMs };
  }

  async interrupt(message: string | Uint8Array | object): Promise<number> {
    const turn = this.#turn;
    if (turn === undefined) return Number.NaN;
    const atMs = this.#user.clock.now();
    this.#add(this.#encode(message));
    this.#interruptions.push(atMs);
    await turn.response;
    return Math.max(0, (turn.stamps[turn.parts - 1] ?? atMs) - atMs);
  }

  ping(): Promise<number> {
    return this.#connection?.ping() ?? Promise.resolve(Number.NaN);
  }

  async close(code: number = NORMAL): Promise<void> {
    if (this.#left) return;
    if (this.open) {
      const turn = this.#turn;
      if (turn !== undefined) {
        if (this.#settings.endsWith === 'close' && turn.parts > 0) this.#complete();
        else turn.hangUp();
      } else if (this.#lead !== undefined) {
        this.#reader = this.#newReader();
        this.#reader.unasked = true;
        this.#launch(this.#reader, undefined);
        this.#complete();
      }
    }
    this.#left = true;
    this.#user.closed(this);
    await this.#connection?.leave(code);
  }

  /** Ends the connection at once: its user leaves. */
  abandon(): void {
    this.#left = true;
    this.#connection?.close();
  }

  #send(flight: FlightWithConnection): void {
    flight.connection = this.#connection;
    // Later turns send no headers: theirs are those of the opening, and so is their trace.
    if (this.#openedWith === undefined) this.#openedWith = flight.wire.head;
    else flight.wire = { ...flight.wire, head: this.#openedWith };
    this.#connection!.send(flight);
    const reader = this.#turn;
    if (reader === undefined) return;
    if (reader.interrupts) {
      // Its message was sent during the turn before.
      flight.sentMs = this.#user.clock.now() - (reader.lead?.handedOutMs ?? 0);
      flight.requestSentMs = flight.sentMs;
    }
    // It may have waited for its turn (`maxPerSecond`): nothing ends before it was sent.
    if (flight.sentMs > this.#beganMs) this.#beganMs = flight.sentMs;
    reader.events += this.#unclaimedEvents;
    this.#unclaimedEvents = 0;
    const waiting = this.#waiting.splice(0);
    // What came before a message was sent does not answer it.
    if (flight.wire.body !== null) reader.events += waiting.length;
    else if (waiting.length > 0) queueMicrotask(() => this.#deliver(reader, waiting));
  }

  #release(flight: FlightWithConnection): void {
    flight.connection = undefined;
    flight.wire = { ...flight.wire, bodyBytes: flight.wire.bodyBytes + this.#addedBytes };
    this.#addedBytes = 0;
    const turn = this.#turn;
    this.#turn = undefined;
    if (turn === undefined) return;
    const unfinished = flight.failure !== undefined && (flight.wire.body !== null || turn.events > 0);
    this.#draining = unfinished && this.#settings.endsWith === 'done' && this.open;
  }

  opened(): boolean {
    const whenOpen = this.#whenOpen;
    this.#whenOpen = undefined;
    whenOpen?.();
    return whenOpen !== undefined;
  }

  message(data: Buffer, binary: boolean, atMs: number): boolean {
    if (this.#draining) {
      if (this.#turn === undefined) this.#unclaimedEvents++;
      else this.#turn.events++;
      this.#draining = !this.#ends(data, binary);
      return false;
    }
    if (this.#turn !== undefined) return this.#turn.message(data, binary, atMs);
    if (this.#waiting.length < MOST_WAITING) this.#waiting.push({ data, binary, atMs });
    else this.#unclaimedEvents++;
    return false;
  }

  closed(): void {
    this.#user.closed(this);
  }

  /** @throws EngineError for unknown names */
  #check(does: string, options: unknown, known: readonly string[]): void {
    const wrong = wrongOptions(options, known);
    if (wrong !== undefined) throw this.#user.problem(`${does} on a channel in a way that ${wrong}`);
  }

  #newReader(): StreamReader {
    const reader = new StreamReader(this.#settings, this.#user.clock, this.#user.keep);
    reader.over = (to) => {
      this.#connection ??= to.messages(this);
      return this.#source;
    };
    return reader;
  }

  /** The turn whose parts are to be handed out; begins one that waits for the server if there is none. */
  #current(): StreamReader | undefined {
    if (this.#reader === undefined || (this.#asked && this.#turn === undefined)) {
      if (!this.open) return undefined;
      this.#begin(undefined);
    }
    this.#asked = true;
    return this.#reader;
  }

  /** @param data undefined: the turn waits for the server, which may have been asked by an interruption */
  #begin(data: string | Uint8Array | undefined): void {
    const reader = this.#newReader();
    this.#reader = reader;
    this.#turn = reader;
    this.#asked = false;
    const nowMs = this.#user.clock.now();
    const interruptedMs = this.#interruptions.shift();
    this.#beganMs = nowMs;
    if (data !== undefined) this.#interruptions.length = 0;
    else if (interruptedMs !== undefined) {
      this.#beganMs = interruptedMs;
      reader.interrupts = true;
      this.#lead = { intendedMs: nowMs - interruptedMs, handedOutMs: nowMs - interruptedMs };
    }
    this.#launch(reader, data);
  }

  #launch(reader: StreamReader, data: string | Uint8Array | undefined): void {
    reader.lead = this.#lead;
    this.#lead = undefined;
    reader.response = this.#user.launch(reader, data);
  }

  #complete(atMs: number = this.#user.clock.now()): void {
    this.#connection!.complete(atMs);
  }

  #deliver(reader: StreamReader, waiting: readonly Arrived[]): void {
    for (const arrived of waiting) {
      const { data, binary, atMs } = arrived;
      if (this.#turn !== reader) this.#waiting.push(arrived);
      else if (reader.message(data, binary, atMs)) this.#complete(Math.max(atMs, this.#beganMs));
    }
  }

  #add(data: string | Uint8Array): void {
    this.#addedBytes += typeof data === 'string' ? Buffer.byteLength(data) : data.length;
    this.#connection?.add(data);
  }

  /** Whether a message completes a response. */
  #ends(data: Buffer, binary: boolean): boolean {
    try {
      const decoded = this.#settings.decode(messageEvent(data, binary));
      return [decoded ?? []].flat().some(({ kind }) => kind === 'done' || kind === 'error');
    } catch {
      return false;
    }
  }

  #encode(message: string | Uint8Array | object): string | Uint8Array {
    if (typeof message === 'string' || message instanceof Uint8Array) return message;
    try {
      const text = JSON.stringify(message) as string | undefined;
      if (typeof message === 'object' && text !== undefined) return text;
    } catch {
      // Named below.
    }
    throw this.#user.problem(
      `sends a message of type ${typeof message} on a channel; expected text, bytes, or an object that JSON can express`,
    );
  }
}

const NOTHING: AsyncIterable<never> = {
  [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }),
};
