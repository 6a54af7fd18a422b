import type { FastifyReply } from 'fastify';
import type { CountedOutcome } from '../counters/counters.ts';
import { noStreams, type StreamCounts } from '../counters/stream-counts.ts';
import type { Exchange } from './exchange.ts';
import type { Runtime } from './runtime.ts';
import { writeHead } from './write-head.ts';

/** First byte of a character of several bytes. */
const MULTIBYTE = 0xc0;

/**
 * An answer whose body is sent piece by piece. Each piece passes the gate of the freeze and is counted when it is handed
 * to the connection.
 *
 * Must hold: the caller calls `open` before the first piece, and from then on sends nothing by `reply`; it ends with `end` or
 * `breakOff`. Calls after the end, or after the client has left, do nothing.
 */
export class BodyStream {
  readonly #runtime: Runtime;
  readonly #exchange: Exchange;
  readonly #reply: FastifyReply;
  #isOpen = false;
  #isEnded = false;
  #isCut = false;

  constructor(runtime: Runtime, exchange: Exchange, reply: FastifyReply) {
    this.#runtime = runtime;
    this.#exchange = exchange;
    this.#reply = reply;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether nothing more can be sent. */
  get isOver(): boolean {
    return this.#isEnded || this.#exchange.isOver;
  }

  get #counts(): StreamCounts {
    return (this.#exchange.cell.streams ??= noStreams());
  }

  /** Sends status 200 and headers. Does nothing when they were sent before. */
  open(type: string): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#reply.hijack();
    this.#runtime.gate.pass(() => {
      if (this.#exchange.isOver) return;
      const { raw } = this.#reply;
      this.#counts.opened += 1;
      raw.once('close', () => this.#closed());
      writeHead(this.#reply, 200, { 'content-type': type, 'cache-control': 'no-cache' });
      raw.flushHeaders();
    });
  }

  /**
   * Sends a piece.
   * @param render called when it is sent, after a freeze
   * @param tokens in it; undefined for a piece without content
   * @param isSplit sends it in two parts, cut within a character of several bytes if it has one
   */
  write(render: () => Buffer | string, tokens?: number, isSplit = false): void {
    this.#runtime.gate.pass(() => {
      if (this.isOver) return;
      const piece = render();
      const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
      const counts = this.#counts;
      counts.bytes += bytes.length;
      if (tokens !== undefined) {
        counts.events += 1;
        counts.tokens += tokens;
      }
      if (!isSplit) {
        counts.chunks += 1;
        this.#reply.raw.write(bytes);
        return;
      }
      const multibyte = bytes.findIndex((byte) => byte >= MULTIBYTE);
      const at = multibyte < 0 ? bytes.length >>> 1 : multibyte + 1;
      counts.chunks += 2;
      this.#reply.raw.write(bytes.subarray(0, at));
      this.#reply.raw.write(bytes.subarray(at));
    });
  }

  /** Ends the body, complete as HTTP. @param fault why it ends early */
  end(fault?: CountedOutcome): void {
    this.#runtime.gate.pass(() => {
      if (this.isOver) return;
      if (fault !== undefined) this.#cut(fault);
      this.#isEnded = true;
      this.#reply.raw.end();
    });
  }

  /** Ends the connection before the end of the body. */
  breakOff(fault: CountedOutcome): void {
    this.#runtime.gate.pass(() => {
      if (this.isOver) return;
      this.#cut(fault);
      this.#isEnded = true;
      this.#reply.raw.socket?.destroySoon();
    });
  }

  #cut(fault: CountedOutcome): void {
    this.#exchange.decide(fault);
    // An answer without content is complete as a stream.
    if (fault === 'empty') return;
    this.#counts.cut += 1;
    this.#isCut = true;
  }

  #closed(): void {
    if (this.#isCut) return;
    if (this.#reply.raw.writableFinished) this.#counts.completed += 1;
    else this.#counts.left += 1;
  }
}
