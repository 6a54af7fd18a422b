import type { LoadError, LoadResponse, Timings } from '../scenario.ts';
import type { Outcome } from '../outcome.ts';

const NO_BYTES = new Uint8Array(0);
const SET_COOKIE = 'set-cookie';

/** An answer whose headers and body are only decoded when somebody looks at them. */
export class NativeResponse implements LoadResponse {
  readonly operation: string;
  readonly status: number;
  outcome: Outcome;
  error: LoadError | undefined;
  readonly timings: Timings;
  readonly #rawHeaders: readonly Uint8Array[];
  readonly #chunks: readonly Uint8Array[];
  #headers: Record<string, string> | undefined;
  #text: string | undefined;
  #json: unknown;
  #parsed = false;

  constructor(
    operation: string,
    status: number,
    outcome: Outcome,
    error: LoadError | undefined,
    timings: Timings,
    rawHeaders: readonly Uint8Array[],
    chunks: readonly Uint8Array[],
  ) {
    this.operation = operation;
    this.status = status;
    this.outcome = outcome;
    this.error = error;
    this.timings = timings;
    this.#rawHeaders = rawHeaders;
    this.#chunks = chunks;
  }

  get headers(): Readonly<Record<string, string>> {
    return (this.#headers ??= decodeHeaders(this.#rawHeaders));
  }

  /** The values of `Set-Cookie`, each on its own: joined they could not be told apart. */
  setCookies(): string[] {
    const raw = this.#rawHeaders;
    const found: string[] = [];
    for (let i = 0; i + 1 < raw.length; i += 2) {
      if (raw[i]!.length !== SET_COOKIE.length) continue;
      if (buffer(raw[i]!).toString('latin1').toLowerCase() !== SET_COOKIE) continue;
      found.push(buffer(raw[i + 1]!).toString('latin1'));
    }
    return found;
  }

  json(): unknown {
    if (!this.#parsed) {
      this.#parsed = true;
      try {
        this.#json = JSON.parse(this.text());
      } catch {
        this.#json = undefined;
      }
    }
    return this.#json;
  }

  text(): string {
    // Without an argument: that way Node need not look up an encoding.
    return (this.#text ??= buffer(this.bytes()).toString());
  }

  bytes(): Uint8Array {
    const [first] = this.#chunks;
    if (first === undefined) return NO_BYTES;
    return this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
  }
}

function buffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function decodeHeaders(raw: readonly Uint8Array[]): Record<string, string> {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = buffer(raw[i]!).toString('latin1').toLowerCase();
    const value = buffer(raw[i + 1]!).toString('latin1');
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
  return headers;
}
