import type { Clock } from '../../model/clock.ts';
import type { CompiledStream } from '../../model/compiled-run.ts';
import type {
  BodySink,
  MessageConnection,
  MessageListener,
  TransportFailure,
  WireRequest,
} from '../../model/flight.ts';
import type { LoadResponse } from '../../model/load-response.ts';
import type { ResponseStream, StreamEvent, StreamPart, StreamSample } from '../../model/stream.ts';
import type { StreamOutcome } from '../../outcome.ts';
import { errorOf, namedReasonOf } from '../../show.ts';
import type { ConnectionSource } from '../../transport/connections.ts';
import { traceIdOf } from '../../transport/trace-context.ts';
import { checkParts } from '../../streams/check-parts.ts';
import { decodeAnything, isContent, isCount, tokensOf } from '../../streams/decode.ts';
import { createFraming, type Framing } from '../../streams/framing.ts';
import { Deadline } from '../deadline.ts';
import type { NativeResponse } from '../response.ts';
import { PartQueue } from './part-queue.ts';

/*
 * `StreamReader`: one streamed response.
 *
 * Must hold:
 * - The transport calls `push` and `message` while it parses: nothing here cancels the request synchronously from them.
 * - `decode` is scenario code: an error of it ends the stream as `invalid_body` and never reaches the transport.
 * - Request objects are reused: a request is cancelled only while its `sink` is this reader.
 */

const HUNG_UP = 'hung_up';
const FIRST_STAMPS = 64;
/** Status of a request over a WebSocket. */
const SWITCHING = 101;
const NO_BYTES = new Uint8Array(0);

/** For a stream whose request is refused. */
export const NOT_STREAMED: CompiledStream = {
  format: 'chunked',
  decode: decodeAnything,
  endsWith: 'close',
  idleTimeoutMs: 1,
  good: undefined,
};

/** How long before a turn of a channel began what it counts from was due and handed out: its opening, or an interruption. */
export interface Lead {
  readonly intendedMs: number;
  readonly handedOutMs: number;
}

/** What a reader needs of its request. */
interface CancellableRequest {
  readonly wire: WireRequest;
  readonly sink: BodySink | undefined;
  readonly chunks: Uint8Array[];
  cancel(failure: TransportFailure): void;
  recall(): Lead;
}

/** Opens WebSockets to one address. */
export interface MessageAddress {
  messages(listener: MessageListener): MessageConnection;
}

/** Makes the source of the WebSocket for a request to an address. */
export type Over = (to: MessageAddress) => ConnectionSource;

/**
 * Reads one streamed response: stamps and decodes its parts when their bytes are read from the socket, and queues them for
 * the loop of the scenario, which may take them later.
 */
export class StreamReader implements BodySink, ResponseStream, StreamSample {
  response!: Promise<LoadResponse>;
  /** Set by `begin`; it is another's as soon as its `sink` is another. */
  request: CancellableRequest | undefined;
  /** The connection of a stream over a WebSocket. */
  over: Over | undefined;
  /** Set for the first turn of a channel, and for one that answers an interruption. */
  lead: Lead | undefined;
  /** Whether it answers a message that interrupted the turn before it, which `lead` counts from. */
  interrupts = false;
  /** Whether the request only opened a channel: it is not recorded as a stream. */
  unasked = false;
  /** Intended start of the request, in clock milliseconds; NaN until it has ended. */
  intendedMs = Number.NaN;
  stamps = new Float64Array(FIRST_STAMPS);
  parts = 0;
  firstOutputMs = Number.NaN;
  events = 0;
  partTokens = 0;
  usageTokens = Number.NaN;
  inputTokens = Number.NaN;
  /** NaN until its request has ended. */
  endMs = Number.NaN;
  readonly #settings: CompiledStream;
  readonly #framing: Framing;
  readonly #queue = new PartQueue(() => this.hangUp());
  readonly #idle: Deadline;
  /** When the user hangs up; undefined: never. */
  #patience: Deadline | undefined;
  readonly #clock: Clock;
  /** Whether the body is kept too, to be shown. */
  readonly #keep: boolean;
  #nowMs = 0;
  #started = false;
  #done = false;
  #inBandError: string | undefined;
  #undecodable: string | undefined;
  #until: ((part: StreamPart) => boolean) | undefined;

  constructor(settings: CompiledStream, clock: Clock, keep: boolean) {
    this.#settings = settings;
    this.#keep = keep;
    this.#clock = clock;
    this.#framing = createFraming(settings.format, (event) => this.#event(event));
    this.#idle = new Deadline(clock, (limitMs) => this.#idled(limitMs));
  }

  [Symbol.asyncIterator](): AsyncIterator<StreamPart> {
    // A refused request fails the loop.
    this.response.catch((error: unknown) => this.#queue.end(errorOf(error)));
    return this.#queue;
  }

  get arrivalsMs(): readonly number[] {
    if (Number.isNaN(this.intendedMs)) return [];
    return Array.from(this.stamps.subarray(0, this.parts), (atMs) => atMs - this.intendedMs);
  }

  /** Read only while its request is under way. */
  get traceId(): string | undefined {
    return traceIdOf(this.request?.wire.head ?? '');
  }

  /** @param hangUpAfterMs from the time that the request was handed out; undefined: never */
  begin(request: CancellableRequest, handedOutMs: number, hangUpAfterMs: number | undefined): void {
    this.request = request;
    if (hangUpAfterMs === undefined) return;
    this.#patience = new Deadline(this.#clock, (limitMs) =>
      this.#cancel(HUNG_UP, HUNG_UP, `the user hung up after ${limitMs} ms and ${this.parts} parts`),
    );
    this.#patience.set(handedOutMs, hangUpAfterMs, this.lead?.handedOutMs);
  }

  push(bytes: Uint8Array, atMs: number): void {
    if (this.#undecodable !== undefined) return;
    this.#nowMs = atMs;
    if (this.#keep) this.request!.chunks.push(Uint8Array.from(bytes));
    this.#read(() => this.#framing.push(bytes));
  }

  /**
   * A message of a WebSocket.
   * @returns whether it completes the response
   */
  message(data: Buffer, binary: boolean, atMs: number): boolean {
    if (this.#undecodable !== undefined) return false;
    this.#nowMs = atMs;
    if (this.#keep) this.request?.chunks.push(data);
    this.#read(() => this.#event(messageEvent(data, binary)));
    return this.#done || this.#inBandError !== undefined;
  }

  /** @returns whether a part that has arrived completes the response. @param until whether a part completes it */
  completeWhen(until: (part: StreamPart) => boolean): boolean {
    this.#until = until;
    this.#done ||= this.#queue.waiting.some((part) => until(part));
    return this.#done;
  }

  /** Sets the outcome of a response that has ended, unless its status or its transport decides. */
  judge(response: NativeResponse): void {
    const { error, status } = response;
    if (this.unasked || ((status < 200 || status >= 300) && status !== SWITCHING)) return;
    if (error === undefined && this.#undecodable === undefined) this.#read(() => this.#framing.end());
    if (this.#undecodable !== undefined) {
      response.outcome = 'invalid_body';
      response.error = { code: 'decode', message: this.#undecodable };
    } else if (this.#inBandError !== undefined) {
      become(response, 'failed_in_band', this.#inBandError);
    } else if (this.#done || (error === undefined && this.#settings.endsWith === 'close')) {
      // Once it is complete it does not matter how the connection ended.
      response.outcome = 'ok';
      response.error = undefined;
      if (this.parts === 0) become(response, 'empty', 'the response ended without content');
    } else if (error === undefined || error.code === 'truncated_body') {
      const how = error?.message ?? (status === SWITCHING ? 'closed in order' : 'its body is complete');
      become(
        response,
        'truncated',
        `the response ended after ${this.parts} parts without its last one (${how})`,
      );
    }
  }

  /** The request has ended. @param error for the loop that reads the stream */
  close(error: Error | undefined): void {
    this.#idle.clear();
    this.#patience?.clear();
    this.request = undefined;
    this.#queue.end(error);
  }

  #event(event: StreamEvent): void {
    this.events++;
    const decoded = checkParts(this.#settings.decode(event));
    if (decoded !== undefined) {
      if (isList(decoded)) for (const part of decoded) this.#part(part);
      else this.#part(decoded);
    }
    // Until the first content the server may be reading the prompt: the time limit of the request holds.
    if (this.parts === 0) return;
    if (this.#started) this.#idle.extend(this.#nowMs);
    else this.#idle.set(this.#nowMs, this.#settings.idleTimeoutMs);
    this.#started = true;
  }

  #part(part: StreamPart): void {
    switch (part.kind) {
      case 'ignore':
        return;
      case 'done':
        this.#done = true;
        return;
      case 'error':
        this.#inBandError ??= part.message;
        break;
      case 'usage':
        if (isCount(part.outputTokens)) this.usageTokens = part.outputTokens;
        if (isCount(part.inputTokens)) this.inputTokens = part.inputTokens;
        break;
      default:
        if (isContent(part)) this.#content(part);
    }
    this.#queue.add(part);
    if (this.#until?.(part) === true) this.#done = true;
  }

  #content(part: StreamPart): void {
    if (this.parts === this.stamps.length) {
      const more = new Float64Array(2 * this.parts);
      more.set(this.stamps);
      this.stamps = more;
    }
    this.stamps[this.parts++] = this.#nowMs;
    this.partTokens += tokensOf(part);
    if (part.kind !== 'reasoning' && Number.isNaN(this.firstOutputMs)) this.firstOutputMs = this.#nowMs;
  }

  /** Runs scenario code (`decode`): an error of it makes the response `invalid_body` and ends the request. */
  #read(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#undecodable = namedReasonOf(error);
      queueMicrotask(() => this.#cancel('invalid_body', 'decode', this.#undecodable!));
    }
  }

  /** No end of the turn came in the time that the scenario gives it. */
  giveUp(limitMs: number): void {
    this.#cancel('timeout', 'receive_timeout', `no end of the turn within ${limitMs} ms`);
  }

  #idled(limitMs: number): void {
    this.#cancel('stalled', 'stalled', `no further event within ${limitMs} ms after ${this.parts} parts`);
  }

  /** Ends the stream as left by the scenario. */
  hangUp(): void {
    this.#cancel(HUNG_UP, HUNG_UP, `left by the scenario after ${this.parts} parts`);
  }

  #cancel(outcome: TransportFailure['outcome'], code: string, message: string): void {
    const { request } = this;
    if (request?.sink === this) request.cancel({ outcome, code, message });
  }
}

/** The event of a message, for `decode`. */
export function messageEvent(data: Buffer, binary: boolean): StreamEvent {
  return binary
    ? { event: 'binary', data: '', bytes: data }
    : { event: 'text', data: data.toString(), bytes: NO_BYTES };
}

function become(response: NativeResponse, outcome: StreamOutcome, message: string): void {
  response.outcome = outcome;
  response.error = { code: outcome, message };
}

function isList(decoded: StreamPart | readonly StreamPart[]): decoded is readonly StreamPart[] {
  return Array.isArray(decoded);
}
