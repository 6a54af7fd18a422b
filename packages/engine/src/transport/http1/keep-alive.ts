/**
 * Stop using a connection this long before the server's announced timeout: a request in flight at that moment would be
 * lost.
 */
const MARGIN_MS = 1000;
/** Upper limit of the margin, as a share of the timeout. */
const MARGIN_SHARE = 0.5;

/**
 * How long, and for how many requests, a server keeps a connection: `Keep-Alive: timeout=5, max=100`
 * (RFC 2068, 19.7.1.1). `max` has two meanings: Apache counts down the remaining requests, Node repeats the limit of
 * the whole connection. Both limits are respected; with a counting server the connection ends one request early.
 *
 * Must hold: one object serves successive sockets, so `reset` is called for each; `outlived` is asked before a request on a
 * connection that was idle.
 */
export class KeepAlive {
  #timeoutMs = Number.NaN;
  #max = Number.NaN;
  /** Answers on this connection that have named a `max`. */
  #answers = 0;
  #spent = false;

  /** Whether the request limit is reached: send no further request on this connection. */
  get spent(): boolean {
    return this.#spent;
  }

  /** Forgets everything; call for a new connection. */
  reset(): void {
    this.#timeoutMs = Number.NaN;
    this.#max = Number.NaN;
    this.#answers = 0;
    this.#spent = false;
  }

  /** @param value of the header field, of one answer */
  read(value: string): void {
    const seconds = /(?:^|[\s,;])timeout\s*=\s*"?(\d{1,9})/i.exec(value)?.[1];
    if (seconds !== undefined) this.#timeoutMs = Number(seconds) * 1000;
    const most = /(?:^|[\s,;])max\s*=\s*"?(\d{1,9})/i.exec(value)?.[1];
    if (most === undefined) return;
    const max = Number(most);
    this.#answers++;
    this.#spent = max <= 1 || (!(max < this.#max) && this.#answers >= max);
    this.#max = max;
  }

  /** Whether the server is about to close a connection that has been idle for `idleMs`. */
  outlived(idleMs: number): boolean {
    const timeoutMs = this.#timeoutMs;
    return idleMs > timeoutMs - Math.min(MARGIN_MS, timeoutMs * MARGIN_SHARE);
  }
}
