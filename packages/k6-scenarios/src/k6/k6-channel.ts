/**
 * The engine's `Channel` with k6's WebSocket, so that the same scenario code runs in both: a change is also one of
 * `NativeChannel`.
 *
 * Must hold:
 * - `K6User` closes what an iteration leaves open (`endIteration`): k6 would wait for it.
 * - A turn that has begun ends once, by `#end`, which calls `ended`. Only one is under way.
 * - What k6 cannot do is a TypeError: `receive` with a `timeout` rejects, iterating throws.
 */
import { namedReasonOf } from '@jarvis-load/engine/show';
import type {
  Channel,
  ChannelTurn,
  LoadError,
  LoadResponse,
  Operation,
  ReceiveOptions,
  SendOptions,
  StreamPart,
} from '@jarvis-load/engine';
import type { Outcome } from '@jarvis-load/engine/outcome';
import {
  checkParts,
  RECEIVE_OPTIONS,
  SEND_OPTIONS,
  Until,
  wrongOptions,
} from '@jarvis-load/engine/user-rules';
import { clearTimeout, setTimeout } from 'k6/timers';
import type { ErrorEvent, MessageEvent, WebSocket } from 'k6/websockets';
import { K6Turn, turnResponse } from './k6-turn.ts';

/** Opens a WebSocket; from `k6/websockets`, which only tests that need it import. */
export type OpenSocket = (
  url: string,
  headers: Readonly<Record<string, string>>,
  tags: Readonly<Record<string, string>>,
) => WebSocket;

/** What a channel needs. */
export interface K6ChannelOptions {
  readonly operation: Operation;
  readonly timeoutMs: number;
  readonly hangUpAfterMs: number | undefined;
  /** Called at the end of each turn. */
  ended(turn: K6Turn): void;
  /** Called when the WebSocket is closed. */
  closed(channel: K6Channel): void;
}

const OPEN = 1;
const NORMAL = 1000;
/** Longest wait for the other side's part of the closing handshake. */
const CLOSING_MS = 2000;

/** A channel of one user. Times have k6's whole milliseconds. */
export class K6Channel implements Channel {
  refused: LoadResponse | undefined;
  readonly #socket: WebSocket;
  readonly #options: K6ChannelOptions;
  readonly #beganMs = Date.now();
  /** The latest turn, until its parts are handed out. */
  #latest: K6Turn | undefined;
  /** The turn under way. */
  #turn: K6Turn | undefined;
  #timers: number[] = [];
  #isFirst = true;
  #left = false;
  #until: ((part: StreamPart) => boolean) | undefined;
  /** Messages that came while no turn was under way. */
  readonly #waiting: MessageEvent[] = [];
  /** When messages were sent that interrupted a turn, and are answered by a later one. */
  readonly #interruptions: number[] = [];
  readonly #pings: { readonly atMs: number; readonly resolve: (ms: number) => void }[] = [];
  readonly #whenClosed: (() => void)[] = [];

  constructor(socket: WebSocket, options: K6ChannelOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('message', (event) => this.#message(event as MessageEvent));
    socket.addEventListener('pong', () => {
      const ping = this.#pings.shift();
      ping?.resolve(Date.now() - ping.atMs);
    });
    socket.addEventListener('error', (event) => this.#broke(event as ErrorEvent));
    socket.addEventListener('close', () => this.#closed());
  }

  /** Resolves when the channel is open or refused. */
  start(): Promise<this> {
    return new Promise((resolve) => {
      const refuse = (outcome: Outcome, error: LoadError): void => {
        if (this.refused !== undefined || this.#socket.readyState === OPEN) return;
        const ms = Date.now() - this.#beganMs;
        const { name } = this.#options.operation;
        this.refused = turnResponse(name, outcome, error, { responseMs: ms, serviceMs: ms }, 0);
        resolve(this);
      };
      const timer = setTimeout(() => {
        refuse('timeout', { code: 'connect_timeout', message: 'the WebSocket did not open in time' });
        this.#socket.close();
      }, this.#options.timeoutMs);
      this.#whenClosed.push(() => {
        clearTimeout(timer);
        refuse('connection_error', { code: 'websocket', message: 'the WebSocket was refused' });
      });
      this.#socket.addEventListener('open', () => {
        clearTimeout(timer);
        resolve(this);
      });
    });
  }

  get open(): boolean {
    return this.#socket.readyState === OPEN && !this.#left && this.refused === undefined;
  }

  send(message: string | Uint8Array | object, options: SendOptions = {}): void {
    check('sends', options, SEND_OPTIONS);
    const { more = false } = options;
    if (this.#left) throw new TypeError('the scenario sends on a channel that it has closed.');
    const atMs = Date.now();
    if (!more && this.#turn === undefined) {
      // What came before a message was sent does not answer it.
      this.#waiting.length = 0;
      this.#interruptions.length = 0;
      this.#begin(atMs);
    }
    if (this.open) this.#socket.send(encoded(message));
    else if (!more) this.#end('connection_error', { code: 'connection_closed', message: CLOSED });
  }

  async receive(options: ReceiveOptions = {}): Promise<ChannelTurn> {
    check('receives', options, RECEIVE_OPTIONS);
    const { timeout } = options;
    const asked = options.until ?? undefined;
    const until = asked === undefined ? undefined : new Until(asked);
    if (timeout !== undefined) {
      throw new TypeError('the scenario receives with a timeout, which its tests for k6 cannot do.');
    }
    if (this.#latest === undefined && this.open) {
      this.#until = until?.completes;
      this.#begin(this.#interruptions.shift() ?? Date.now());
      for (const event of this.#waiting.splice(0)) this.#message(event);
    }
    const turn = this.#latest;
    if (turn === undefined) return { parts: [], text: '', response: undefined, arrivalsMs: [] };
    this.#until = until?.completes;
    if (until !== undefined && this.#turn === turn && turn.parts.some(until.completes)) this.#end('ok');
    await turn.over;
    this.#latest = undefined;
    if (until?.problem !== undefined) throw new TypeError(`the scenario ${until.problem}.`);
    return {
      parts: turn.parts,
      text: turn.parts.map((part) => (part.kind === 'token' ? (part.text ?? '') : '')).join(''),
      response: turn.response,
      arrivalsMs: turn.stamps.map((atMs) => atMs - turn.beganMs),
    };
  }

  async interrupt(message: string | Uint8Array | object): Promise<number> {
    const turn = this.#turn;
    if (turn === undefined) return Number.NaN;
    const atMs = Date.now();
    this.send(message, { more: true });
    this.#interruptions.push(atMs);
    await turn.over;
    return Math.max(0, (turn.stamps[turn.stamps.length - 1] ?? atMs) - atMs);
  }

  ping(): Promise<number> {
    if (!this.open) return Promise.resolve(Number.NaN);
    return new Promise((resolve) => {
      this.#pings.push({ atMs: Date.now(), resolve });
      this.#socket.ping();
    });
  }

  async close(code: number = NORMAL): Promise<void> {
    if (this.#left) return;
    if (this.#turn !== undefined) this.#end('hung_up', { code: 'hung_up', message: 'left by the scenario' });
    this.#left = true;
    if (this.#socket.readyState > OPEN) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, CLOSING_MS);
      this.#whenClosed.push(() => {
        clearTimeout(timer);
        resolve();
      });
      this.#socket.close(code);
    });
  }

  [Symbol.asyncIterator](): never {
    throw new TypeError(
      'the scenario iterates over a channel, which its tests for k6 cannot do; expected receive().',
    );
  }

  /** @param atMs when the message was sent that is answered, or the wait for the server began */
  #begin(atMs: number): void {
    const { operation, timeoutMs, hangUpAfterMs } = this.#options;
    const turn = new K6Turn(operation.name, this.#isFirst ? this.#beganMs : atMs, atMs);
    this.#isFirst = false;
    this.#latest = turn;
    this.#turn = turn;
    this.#after(timeoutMs, turn, 'timeout', 'request_timeout', `no end of the turn in ${timeoutMs} ms`);
    if (hangUpAfterMs !== undefined)
      this.#after(hangUpAfterMs, turn, 'hung_up', 'hung_up', `the user hung up after ${hangUpAfterMs} ms`);
  }

  #after(limitMs: number, turn: K6Turn, outcome: Outcome, code: string, message: string): void {
    const timer = setTimeout(
      () => {
        if (this.#turn === turn) this.#end(outcome, { code, message });
      },
      Math.max(0, limitMs - (Date.now() - turn.sentMs)),
    );
    this.#timers.push(timer);
  }

  #message(event: MessageEvent): void {
    const turn = this.#turn;
    if (turn === undefined) {
      this.#waiting.push(event);
      return;
    }
    const atMs = event.timestamp;
    const endMs = Math.max(atMs, turn.sentMs);
    try {
      const decoded = checkParts(this.#options.operation.decode?.(eventOf(event))) ?? [];
      for (const part of 'kind' in decoded ? [decoded] : decoded) {
        const isLast = turn.add(part, atMs);
        if (part.kind === 'error')
          this.#end('failed_in_band', { code: 'failed_in_band', message: part.message }, endMs);
        else if (isLast || this.#until?.(part) === true) this.#end('ok', undefined, endMs);
      }
    } catch (error) {
      const message = namedReasonOf(error);
      this.#end('invalid_body', { code: 'decode', message });
    }
  }

  #end(outcome: Outcome, error?: LoadError, endMs = Date.now()): void {
    const turn = this.#turn;
    if (turn === undefined) return;
    this.#turn = undefined;
    this.#until = undefined;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    turn.end(outcome, endMs, error);
    this.#options.ended(turn);
  }

  #broke(event: ErrorEvent): void {
    this.#end('connection_error', { code: 'websocket', message: event.error });
    // k6 reports a refused handshake as an error alone.
    if (this.#socket.readyState !== OPEN) this.#closed();
  }

  #closed(): void {
    this.#end('truncated', { code: 'truncated', message: 'closed before the last part' });
    for (const { resolve } of this.#pings.splice(0)) resolve(Number.NaN);
    for (const each of this.#whenClosed.splice(0)) each();
    this.#options.closed(this);
  }
}

/** @throws TypeError for unknown names */
function check(does: string, options: unknown, known: readonly string[]): void {
  const wrong = wrongOptions(options, known);
  if (wrong !== undefined) throw new TypeError(`the scenario ${does} on a channel in a way that ${wrong}.`);
}

const CLOSED = 'the WebSocket is closed';

function encoded(message: string | Uint8Array | object): string | ArrayBuffer {
  if (typeof message === 'string') return message;
  if (!(message instanceof Uint8Array)) return JSON.stringify(message);
  const copy = new Uint8Array(message.length);
  copy.set(message);
  return copy.buffer;
}

/** The event of a message, for `decode`. */
function eventOf({ data }: MessageEvent) {
  return typeof data === 'string'
    ? { event: 'text', data, bytes: new Uint8Array(0) }
    : { event: 'binary', data: '', bytes: new Uint8Array(data as ArrayBuffer) };
}
