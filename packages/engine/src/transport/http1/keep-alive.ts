/** A connection is given up so long before the server does, by what it says: a request on its way then would be lost. */
const MARGIN_MS = 1000;
/** At most this part of the time. */
const MARGIN_SHARE = 0.5;

/**
 * What a server says of how long, and for how many requests, it keeps a connection: `Keep-Alive: timeout=5, max=100`
 * (RFC 2068, 19.7.1.1). `max` is read in two ways: Apache counts down what is left, Node repeats the number of the whole
 * connection. Neither is exceeded; where a server counts down, the connection ends one request early.
 */
export class KeepAlive {
  #timeoutMs = Number.NaN;
  #max = Number.NaN;
  /** Answers on this connection that have named a `max`. */
  #answers = 0;
  #spent = false;

  /** The limit on requests is reached: no further one goes on this connection. */
  get spent(): boolean {
    return this.#spent;
  }

  /** A new connection: nothing is known of it. */
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

  /** Whether the server is about to close a connection that has been idle for so long. */
  outlived(idleMs: number): boolean {
    const timeoutMs = this.#timeoutMs;
    return idleMs > timeoutMs - Math.min(MARGIN_MS, timeoutMs * MARGIN_SHARE);
  }
}
