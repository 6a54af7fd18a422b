import type { LoadResponse } from './load-response.ts';
import type { StreamPart } from './stream.ts';

/*
 * A WebSocket as scenario code sees it; `NativeChannel` and `K6Channel` (package `k6-scenarios`) implement it. A turn is a message
 * of the user and the parts that answer it.
 *
 * Must hold:
 * - A turn that fails is a response with an outcome, never an exception. `send` throws after `close`, and for
 *   what cannot be sent.
 * - The engine closes a channel at the end of the iteration that opened it; one of `onStart` when its user leaves.
 */

/** How a message belongs to a turn. */
export interface SendOptions {
  /**
   * More of the same input follows, such as audio while a caller speaks: the turn, and its clock, start with a later
   * message. @default false
   */
  readonly more?: boolean;
}

/** When a turn is over. */
export interface ReceiveOptions {
  /** Whether this part completes the turn, for servers without a part that marks its end. @default the operation's endsWith */
  until?(part: StreamPart): boolean;
  /** Longest wait, in milliseconds or as text such as `10s`; then the turn is a `timeout`. @default the request's time limit */
  readonly timeout?: string | number;
}

/** One turn of a conversation, at its end. */
export interface ChannelTurn {
  /** All parts, in order. */
  readonly parts: readonly StreamPart[];
  /** Texts of all tokens, joined. */
  readonly text: string;
  /** With the outcome of the turn; `undefined`: the channel was closed, and there was nothing to receive. */
  readonly response: LoadResponse | undefined;
  /**
   * Arrival of each content part, in milliseconds from the intended start of the turn; below 0 where a message came before a turn
   * that waits for the server began.
   */
  readonly arrivalsMs: readonly number[];
}

/**
 * A WebSocket of one user. A turn is a message that was sent, or the wait for one from the server, and the parts that
 * answer it: one request of the channel's operation, with an outcome and the measurements of a stream. Messages that are
 * sent during a turn belong to it; the answer to one that interrupted is a turn that counts from that message. Iterating hands out the parts of the turn; leaving the loop ends it as `hung_up`, and what
 * still comes until its `done` part is not counted as content.
 */
export interface Channel extends AsyncIterable<StreamPart> {
  /** Whether messages can be sent: the handshake succeeded, and no side has closed. */
  readonly open: boolean;
  /** The response that refused the handshake; `undefined` after a handshake that succeeded. */
  readonly refused: LoadResponse | undefined;
  /** Sends text, bytes, or anything else as JSON. On a closed channel the turn fails; after `close` it throws. */
  send(message: string | Uint8Array | object, options?: SendOptions): void;
  /** Takes all parts of the turn. Never throws for a failed turn. */
  receive(options?: ReceiveOptions): Promise<ChannelTurn>;
  /**
   * The user interrupts: sends a message during the turn under way, and resolves when that turn is over to the milliseconds from
   * the message to the last content of the turn, after which the assistant was silent; 0 if none came, NaN without a turn.
   * The next turn that starts with receiving is the answer to the message, and counts from it.
   */
  interrupt(message: string | Uint8Array | object): Promise<number>;
  /** Round trip of a ping in milliseconds; NaN if the channel is closed before. */
  ping(): Promise<number>;
  /** Ends the turn under way as `hung_up`, and closes with the closing handshake. @param code @default 1000 */
  close(code?: number): Promise<void>;
}
