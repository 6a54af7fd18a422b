import type { FastifyReply, FastifyRequest } from 'fastify';
import { LiveError } from '../control/live-control.ts';
import type { LiveEvent } from '../record/event-journal.ts';
import type { LiveStore } from '../record/live-store.ts';

/** Open pages; each one more is refused. */
const MOST_STREAMS = 100;
/** Bytes that may wait for a reader: some states of a long run. */
const MOST_WAITING_BYTES = 4_000_000;
/** Comments keep proxies and readers from closing a stream without events. */
const KEEP_ALIVE_MS = 15_000;
/** Listeners that are written to in one turn of the event loop: what the load waits for is handled between turns. */
const LISTENERS_PER_TURN = 2;
/** Events that wait for their turn; beyond it they are written at once. */
const MOST_WAITING_EVENTS = 100;
/** How long a browser waits before it connects again. */
const RETRY_MS = 1000;

/**
 * Server-sent events of the store. A new page gets the state first; one that connects again, with `Last-Event-ID`, the
 * events that it missed, or the state where they are not kept. A reader that does not keep up is cut off, and connects again.
 *
 * Must hold: `open` is called behind the `RequestGuard`, and takes the state and joins the listeners in one turn, or a page would miss an
 * event; events are written in the thread of the load, so in short turns. The server calls `close` before it ends its sockets.
 */
export class EventStreams {
  readonly #store: LiveStore;
  readonly #open = new Set<FastifyReply>();
  readonly #timer: NodeJS.Timeout;
  readonly #off: () => void;
  /** Events, each with the listeners that do not have it yet. Serialised once for all. */
  readonly #waiting: { readonly bytes: Buffer; readonly to: FastifyReply[] }[] = [];
  #isScheduled = false;

  constructor(store: LiveStore) {
    this.#store = store;
    this.#off = store.subscribe((event) => this.#send(format(event)));
    this.#timer = setInterval(() => this.#send(': \n\n'), KEEP_ALIVE_MS);
    this.#timer.unref();
  }

  get size(): number {
    return this.#open.size;
  }

  /** @throws LiveError 503 when too many are open */
  open(request: FastifyRequest, reply: FastifyReply): void {
    if (this.#open.size >= MOST_STREAMS)
      throw new LiveError(
        503,
        'too-many-pages',
        `${MOST_STREAMS} pages are open already`,
        'Close some of them',
      );
    reply.hijack();
    const { raw } = reply;
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) raw.setHeader(name, value);
    raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
    this.#open.add(reply);
    raw.on('close', () => this.#open.delete(reply));
    raw.on('error', () => this.#open.delete(reply));
    const seen = request.headers['last-event-id'];
    const missed = typeof seen === 'string' ? this.#store.eventsAfter(seen) : undefined;
    const first =
      missed?.map(format).join('') ??
      format({ id: this.#store.lastEventId, name: 'state', data: JSON.stringify(this.#store.state) });
    raw.write(`retry: ${RETRY_MS}\n\n${first}`);
  }

  /** Ends all streams. */
  close(): void {
    this.#off();
    clearInterval(this.#timer);
    this.#write(Number.POSITIVE_INFINITY);
    for (const { raw } of this.#open) raw.end();
    this.#open.clear();
  }

  #send(text: string): void {
    if (this.#open.size === 0) return;
    this.#waiting.push({ bytes: Buffer.from(text), to: [...this.#open] });
    if (!this.#isScheduled) this.#schedule();
  }

  #schedule(): void {
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#write(LISTENERS_PER_TURN);
      if (this.#waiting.length > 0) this.#schedule();
    });
  }

  /** Writes to so many listeners, the oldest event first: each listener gets events in their order. */
  #write(most: number): void {
    for (let left = most; left > 0 || this.#waiting.length > MOST_WAITING_EVENTS;) {
      const [event] = this.#waiting;
      if (event === undefined) return;
      const reply = event.to.pop();
      if (event.to.length === 0) this.#waiting.shift();
      if (reply === undefined || !this.#open.has(reply)) continue;
      left--;
      const { raw } = reply;
      if (raw.writableLength > MOST_WAITING_BYTES) {
        this.#open.delete(reply);
        raw.destroy();
      } else raw.write(event.bytes);
    }
  }
}

/** JSON has no line breaks, so that the data is one line. */
function format({ id, name, data }: LiveEvent): string {
  return `id: ${id}\nevent: ${name}\ndata: ${data}\n\n`;
}
