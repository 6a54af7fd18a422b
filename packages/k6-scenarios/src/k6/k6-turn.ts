import type { LoadError, LoadResponse, StreamPart, Timings } from '@jarvis-load/engine';
import type { Outcome } from '@jarvis-load/engine/outcome';
import { encodeUtf8 } from './encode-utf8.ts';

const SWITCHING = 101;

/** Kinds of parts that a user sees or hears. */
const CONTENT: ReadonlySet<string> = new Set(['token', 'reasoning', 'tool', 'audio', 'data']);

/** One turn on a channel in k6: what came, when, and how it ended. Times are Unix milliseconds. */
export class K6Turn {
  readonly parts: StreamPart[] = [];
  /** Arrival of each part with content. */
  readonly stamps: number[] = [];
  readonly beganMs: number;
  readonly sentMs: number;
  /** Resolves at the end of the turn. */
  readonly over: Promise<void>;
  response: LoadResponse | undefined;
  readonly #operation: string;
  #finished!: () => void;

  /** @param beganMs when the user asked for it: before the opening of the channel, for the first turn */
  constructor(operation: string, beganMs: number, sentMs: number) {
    this.#operation = operation;
    this.beganMs = beganMs;
    this.sentMs = sentMs;
    this.over = new Promise((resolve) => {
      this.#finished = resolve;
    });
  }

  /** @returns whether the part is the last one */
  add(part: StreamPart, atMs: number): boolean {
    if (part.kind === 'ignore') return false;
    if (part.kind === 'done') return true;
    this.parts.push(part);
    if (CONTENT.has(part.kind) && !('text' in part && part.text === '')) this.stamps.push(atMs);
    return part.kind === 'error';
  }

  /** Called once. A complete turn without content has the outcome `empty`. @param error undefined: the turn is complete */
  end(outcome: Outcome, endMs: number, error: LoadError | undefined): void {
    const isEmpty = outcome === 'ok' && this.stamps.length === 0;
    this.response = turnResponse(
      this.#operation,
      isEmpty ? 'empty' : outcome,
      isEmpty ? { code: 'empty', message: 'the response ended without content' } : error,
      { responseMs: endMs - this.beganMs, serviceMs: endMs - this.sentMs },
    );
    this.#finished();
  }
}

/** The response of a turn, or of an opening that failed (status 0). */
export function turnResponse(
  operation: string,
  outcome: Outcome,
  error: LoadError | undefined,
  { responseMs, serviceMs }: { readonly responseMs: number; readonly serviceMs: number },
  status = SWITCHING,
): LoadResponse {
  const timings: Timings = {
    responseTimeMs: responseMs,
    serviceTimeMs: serviceMs,
    queueWaitMs: responseMs - serviceMs,
    connectMs: 0,
    tlsMs: 0,
    sendingMs: 0,
    waitingMs: 0,
    receivingMs: 0,
  };
  return {
    operation,
    status,
    outcome,
    error,
    timings,
    headers: {},
    json: () => undefined,
    text: () => '',
    bytes: () => encodeUtf8(''),
  };
}
