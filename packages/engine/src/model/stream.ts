import type { LoadResponse } from './load-response.ts';

/** How a streamed response is divided: server-sent events, lines of JSON, pieces as they arrive, messages of a WebSocket. */
export type StreamFormat = 'sse' | 'ndjson' | 'chunked' | 'websocket';

/** One unit of a streamed body, before `decode`. */
export interface StreamEvent {
  /** `sse`: the event name, `message` without one; `websocket`: `text` or `binary`; else empty. */
  readonly event: string;
  /** `sse`: the data lines; `ndjson`: the line, never empty; `websocket`: a text; `chunked`: empty. */
  readonly data: string;
  /** `chunked`, and binary messages of a `websocket`: the bytes; else empty. */
  readonly bytes: Uint8Array;
}

/** Kinds of parts that are content: what a user sees or hears. */
export type ContentKind = 'token' | 'reasoning' | 'tool' | 'audio' | 'data';

/** What an event means. A part whose text or bytes are empty is not content: servers send such parts to announce a role. */
export type StreamPart =
  | {
      readonly kind: ContentKind;
      readonly text?: string;
      readonly bytes?: Uint8Array;
      /** Tokens in it. @default 1 for `token`, `reasoning` and `tool`, else 0 */
      readonly tokens?: number;
    }
  /** Tokens as the server counted them. What is no finite number of at least 0 counts as not given. */
  | { readonly kind: 'usage'; readonly outputTokens: number; readonly inputTokens?: number }
  /** The response is complete. */
  | { readonly kind: 'done' }
  /** The server reports an error inside a response with status 2xx: outcome `failed_in_band`. */
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'ignore' };

/** Settings of an operation whose response is a stream. */
export interface StreamOperation {
  /** How the body is divided. @default none: the response is not streamed */
  readonly stream?: StreamFormat;
  /**
   * What an event means; `undefined` is `ignore`. When it throws or returns what is no part, the outcome is `invalid_body`.
   * @default `[DONE]` is `done`, any other text a token, bytes are data
   */
  decode?(event: StreamEvent): StreamPart | readonly StreamPart[] | undefined;
  /**
   * What completes the response: a `done` part, or the end of the body or of the WebSocket.
   * @default `done` for `sse` and `websocket`, else `close`
   */
  readonly endsWith?: 'done' | 'close';
  /**
   * Longest time between two events after the first content, in milliseconds or as text such as `10s`; comments do not count. Before
   * it, the time limit of the request holds. @default 10s
   */
  readonly idleTimeout?: string | number;
  /** When a response is good, such as `ttft < 800 ms and gap p99 < 200 ms`: basis of the goodput. @default none */
  readonly good?: string;
}

/** A response that is read while it arrives. */
export interface ResponseStream extends AsyncIterable<StreamPart> {
  /**
   * The response at its end, with its outcome; its body is empty if it was streamed. Rejects when the run
   * interrupts the iteration, for a wrong spec, and when a function of the operation judges it with what is no text.
   */
  readonly response: Promise<LoadResponse>;
  /**
   * Arrival of each content part, in milliseconds from the intended start of the request, as `timings.responseTimeMs`;
   * empty until the response has ended.
   */
  readonly arrivalsMs: readonly number[];
}

/** What was measured of one stream. Times are clock milliseconds. Valid only during the call that gets it. */
export interface StreamSample {
  /** Arrival of each content part, in order; only the first `parts` of them are set. */
  readonly stamps: Float64Array;
  /** Parts with content. */
  readonly parts: number;
  /** Arrival of the first content that is not reasoning; NaN: none. */
  readonly firstOutputMs: number;
  /** Events received, those without content included. */
  readonly events: number;
  /** Tokens of the parts, as `decode` says. */
  readonly partTokens: number;
  /** Tokens as the server counted them; NaN: it did not say. */
  readonly usageTokens: number;
  /** NaN: the server did not say. */
  readonly inputTokens: number;
  /** When it ended or was interrupted. */
  readonly endMs: number;
  /** Of its `traceparent`; undefined: it carried none. */
  readonly traceId?: string | undefined;
}

/** How a stream ended: complete; left by its user; cut off by the end of the run, or of its user. */
export type StreamEnd = 'whole' | 'left' | 'interrupted';

/**
 * Whether a stream meets every objective of its operation. Of one that its user left, what came is judged; an objective on `ttlt` or
 * `tpot` is missed. One that was interrupted meets those that it had not missed by then: what it would have become is not known.
 */
export type GoodStream = (
  sample: StreamSample,
  intendedMs: number,
  sentMs: number,
  end: StreamEnd,
) => boolean;
