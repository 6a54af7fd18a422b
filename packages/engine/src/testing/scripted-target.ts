import type { Clock, ClockTimer } from '../model/clock.ts';
import { EngineError } from '../errors.ts';
import { connectionClosed, truncatedBody } from '../transport/failure.ts';
import { fieldsOf, headLine } from '../transport/head.ts';
import { ScriptedMessages } from './scripted-messages.ts';
import type {
  Connection,
  Flight,
  HttpProtocol,
  MessageConnection,
  MessageListener,
  Transport,
  TransportFailure,
  WireRequest,
} from '../model/flight.ts';
import type { ScriptedAnswer, ScriptedPiece } from './scripted-answer.ts';

/** A request as received by a {@link ScriptedTarget}. */
export interface ScriptedRequest {
  readonly method: string;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** 0-based, in the order of arrival. */
  readonly number: number;
  /** Clock time of the arrival, milliseconds. */
  readonly atMs: number;
}

/**
 * A target without sockets, on a virtual clock: a function returns the response to each request and its delay. Each answer comes by a
 * timer of the clock, also without a delay: never within `send`.
 */
export class ScriptedTarget implements Transport {
  opened = 0;
  /** Always undefined: there are no sockets. */
  readonly protocol: HttpProtocol | undefined = undefined;
  /** Connections closed so far. */
  closed = 0;
  /** Every request, in the order of arrival; empty with `keep: false`. */
  readonly requests: ScriptedRequest[] = [];
  readonly #clock: Clock;
  readonly #answer: (request: ScriptedRequest) => ScriptedAnswer;
  readonly #keep: boolean;
  #arrived = 0;

  /**
   * @param answer @default 200 and an empty object, at once
   * @param options `keep`: whether `requests` has them; without, a long run takes no more memory. @default true
   */
  constructor(
    clock: Clock,
    answer: (request: ScriptedRequest) => ScriptedAnswer = () => ({}),
    { keep = true }: { readonly keep?: boolean } = {},
  ) {
    this.#clock = clock;
    this.#answer = answer;
    this.#keep = keep;
  }

  connection(): Connection {
    this.opened++;
    return new ScriptedConnection(
      this.#clock,
      (wire) => this.#arrive(wire),
      () => {
        this.closed++;
      },
    );
  }

  messages(listener: MessageListener): MessageConnection {
    this.opened++;
    return new ScriptedMessages(
      this.#clock,
      listener,
      (wire) => this.#arrive(wire),
      () => {
        this.closed++;
      },
    );
  }

  #arrive({ method, path, head, body }: WireRequest): ScriptedAnswer {
    const request: ScriptedRequest = {
      method,
      path,
      headers: fieldsOf(head),
      body: textOf(body),
      number: this.#arrived++,
      atMs: this.#clock.now(),
    };
    if (this.#keep) this.requests.push(request);
    return this.#answer(request);
  }
}

/** Files of a streamed body are not read: their place is `<name, size>`. */
function textOf(body: WireRequest['body']): string {
  if (body === null || typeof body === 'string') return body ?? '';
  if (body instanceof Uint8Array) return Buffer.from(body).toString();
  return body.parts
    .map((part) => (part instanceof Uint8Array ? textOf(part) : `<${part.name ?? 'file'}, ${part.size}>`))
    .join('');
}

class ScriptedConnection implements Connection {
  usable = true;
  readonly #clock: Clock;
  readonly #arrive: (wire: WireRequest) => ScriptedAnswer;
  readonly #closed: () => void;
  #flight: Flight | undefined;
  #timer: ClockTimer | undefined;

  constructor(clock: Clock, arrive: (wire: WireRequest) => ScriptedAnswer, closed: () => void) {
    this.#clock = clock;
    this.#arrive = arrive;
    this.#closed = closed;
  }

  open(): Promise<boolean> {
    return Promise.resolve(true);
  }

  ready(): boolean {
    return true;
  }

  send(flight: Flight): void {
    if (this.#flight !== undefined || !this.usable) {
      throw new EngineError(
        'invalid-request',
        `this connection is ${this.usable ? 'busy' : 'closed'}; expected one that is free: a connection carries one request at a time.`,
      );
    }
    this.#flight = flight;
    flight.sentMs = this.#clock.now();
    flight.requestSentMs = flight.sentMs;
    const answer = this.#arrive(flight.wire);
    if (answer.afterMs === Number.POSITIVE_INFINITY) return;
    if (answer.pieces !== undefined) {
      this.#stream(flight, answer, answer.pieces, 0);
      return;
    }
    this.#timer = this.#clock.setTimer(answer.afterMs ?? 0, () => this.#deliver(flight, answer));
  }

  cancel(failure: TransportFailure): void {
    this.#close();
    this.#finish(failure);
  }

  close(): void {
    this.#close();
    this.#finish({ outcome: 'connection_error', code: 'connection_closed', message: 'closed by the engine' });
  }

  #deliver(flight: Flight, answer: ScriptedAnswer): void {
    const { body = {}, failure } = answer;
    if (failure === undefined) {
      const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
      this.#head(flight, answer);
      flight.bytesReceived = bytes.length;
      if (flight.sink !== undefined && flight.status < 300) flight.sink.push(bytes, this.#clock.now());
      else flight.chunks.push(bytes);
    }
    this.#finish(failure);
  }

  #stream(flight: Flight, answer: ScriptedAnswer, pieces: readonly ScriptedPiece[], number: number): void {
    const piece = pieces[number];
    if (piece === undefined && number === 0) {
      this.#timer = this.#clock.setTimer(answer.afterMs ?? 0, () => {
        this.#head(flight, answer);
        this.#endOfBody(flight, answer);
      });
      return;
    }
    if (piece === undefined) {
      this.#endOfBody(flight, answer);
      return;
    }
    if (piece.atMs === Number.POSITIVE_INFINITY) return;
    const dueMs = flight.sentMs + piece.atMs;
    this.#timer = this.#clock.setTimer(dueMs - this.#clock.now(), () => {
      if (number === 0) this.#head(flight, answer);
      const bytes = Buffer.from(piece.bytes);
      flight.bytesReceived += bytes.length;
      if (flight.sink !== undefined && flight.status < 300) flight.sink.push(bytes, this.#clock.now());
      else flight.chunks.push(bytes);
      this.#stream(flight, answer, pieces, number + 1);
    });
  }

  #endOfBody(flight: Flight, { cut }: ScriptedAnswer): void {
    const failure =
      cut === true ? truncatedBody(connectionClosed('by the server'), flight.bytesReceived) : undefined;
    this.#finish(failure);
  }

  #head(flight: Flight, { status = 200, headers = {} }: ScriptedAnswer): void {
    flight.firstByteMs = this.#clock.now();
    flight.status = status;
    flight.head = Object.entries(headers)
      .map(([name, value]) => headLine(name, value))
      .join('');
  }

  #close(): void {
    if (this.usable) this.#closed();
    this.usable = false;
    if (this.#timer !== undefined) this.#clock.clearTimer(this.#timer);
  }

  #finish(failure: TransportFailure | undefined): void {
    const flight = this.#flight;
    if (flight === undefined) return;
    this.#flight = undefined;
    flight.endMs = this.#clock.now();
    flight.failure = failure;
    flight.ended();
  }
}
