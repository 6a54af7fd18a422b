/** Streamed answers as the mock sent them: `opened` = `completed` + `cut` + `left` + those still open. */
export interface StreamCounts {
  /** Head sent. */
  opened: number;
  /** Sent whole, its end mark included. */
  completed: number;
  /** Ended early by a fault of the mock. */
  cut: number;
  /** Ended early by the client. */
  left: number;
  /** Pieces of the body handed to the connection; each is a chunk of HTTP/1.1 or a message of a socket. */
  chunks: number;
  /** Events with content: tokens of an answer, or pieces of audio. */
  events: number;
  /** Tokens of an answer, those of reasoning included. */
  tokens: number;
  /** Bytes of the body, without the framing of HTTP. */
  bytes: number;
}

/** All zero. */
export const noStreams = (): StreamCounts => ({
  opened: 0,
  completed: 0,
  cut: 0,
  left: 0,
  chunks: 0,
  events: 0,
  tokens: 0,
  bytes: 0,
});

/** Adds `more` to `sum`, which is modified. */
export function addStreams(sum: StreamCounts | undefined, more: StreamCounts): StreamCounts {
  const total = sum ?? noStreams();
  for (const key of Object.keys(total) as (keyof StreamCounts)[]) total[key] += more[key];
  return total;
}
