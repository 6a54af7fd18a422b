import type { LoadError, LoadResponse, Timings } from '../model/scenario.ts';
import type { Outcome } from '../outcome.ts';
import { fieldsOf, valuesOf } from '../transport/head.ts';

const NO_BYTES = new Uint8Array(0);

/** A response that decodes its headers and body only when they are read. */
export class NativeResponse implements LoadResponse {
  readonly operation: string;
  readonly status: number;
  outcome: Outcome;
  error: LoadError | undefined;
  readonly timings: Timings;
  readonly #head: string;
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
    head: string,
    chunks: readonly Uint8Array[],
  ) {
    this.operation = operation;
    this.status = status;
    this.outcome = outcome;
    this.error = error;
    this.timings = timings;
    this.#head = head;
    this.#chunks = chunks;
  }

  get headers(): Readonly<Record<string, string>> {
    return (this.#headers ??= fieldsOf(this.#head));
  }

  /** The values of `Set-Cookie`, one per field: joined by commas they could not be separated again. */
  setCookies(): string[] {
    return valuesOf(this.#head, 'set-cookie');
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
    // Without an argument Node skips the lookup of an encoding.
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
