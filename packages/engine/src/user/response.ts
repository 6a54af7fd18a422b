import type { AnswerSchema, ValueOf } from '../model/answer-schema.ts';
import type { LoadError, LoadResponse, Timings } from '../model/load-response.ts';
import type { Outcome } from '../outcome.ts';
import type { OperationRecorder } from '../recorder/operation-recorder.ts';
import type { WireRequest } from '../model/flight.ts';
import { fieldsOf, valuesOf, type RequestProblem } from '../transport/head.ts';
import { decodeBody, isEncoded } from './decode-body.ts';
import { schemaProblem, wrongJson } from '../input/schema-problem.ts';
import { EngineError } from '../errors.ts';
import { judgeAnswer, type Judged } from '../data/judge-answer.ts';
import { reasonOf } from '../show.ts';
import type { Hop } from './redirects.ts';

const NO_BYTES = new Uint8Array(0);

/** Is told when scenario code finds that a response does not fit its schema. */
export interface MisfitListener {
  misfit(response: NativeResponse, reason: string): void;
}

/**
 * A response that decodes its headers and body only when they are read.
 *
 * Must hold:
 * - `outcome` and `error` change until the response is recorded. After that only a body that does not fit its schema or cannot be
 *   decoded makes `invalid_body` of `ok`, and tells the listener, which corrects the record while its interval is open (`flushes`).
 * - Reading a body never throws: a truncated one is a failure of the target, not of the scenario. Only `json` throws, for a schema
 *   that is none.
 */
export class NativeResponse implements LoadResponse {
  readonly operation: string;
  readonly status: number;
  outcome: Outcome;
  error: LoadError | undefined;
  readonly timings: Timings;
  /** Where it redirects to, if the request follows redirects. */
  hop: Hop | undefined;
  /** Mistake of the code that judges it: scenario code gets that instead of the response. */
  problem: RequestProblem | undefined;
  /** Hand-overs of the recorder before it was recorded; -1: it is not recorded. */
  flushes = -1;
  /** Why the body could not be decoded, once it was read. */
  undecodable: string | undefined;
  /** Body of its request, where it is recorded: a misfit that is found later must not show the secrets in it. */
  sent: WireRequest['body'] = null;
  /** Recorder of its tags, if it has some. */
  part: OperationRecorder | undefined;
  readonly #head: string;
  readonly #chunks: readonly Uint8Array[];
  #headers: Record<string, string> | undefined;
  #text: string | undefined;
  #json: unknown;
  #parsed = false;
  readonly #request: MisfitListener | undefined;
  #bytes: Uint8Array | undefined;
  #schema: AnswerSchema | undefined;
  #fit: Judged | undefined;

  constructor(
    operation: string,
    status: number,
    outcome: Outcome,
    error: LoadError | undefined,
    timings: Timings,
    head: string,
    chunks: readonly Uint8Array[],
    request?: MisfitListener,
  ) {
    this.#request = request;
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

  json(): unknown;
  json<Schema extends AnswerSchema>(schema: Schema): ValueOf<Schema> | undefined;
  json(schema?: AnswerSchema): unknown {
    if (schema !== undefined) return this.#described(schema);
    if (!this.#parsed) {
      this.#parsed = true;
      try {
        this.#json = JSON.parse(this.text());
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        this.#json = undefined;
      }
    }
    return this.#json;
  }

  /** The body held to a schema, once for each. */
  fit(schema: AnswerSchema): Judged {
    if (this.#schema !== schema || this.#fit === undefined) {
      this.#schema = schema;
      const value = this.json();
      this.#fit =
        value === undefined
          ? { reason: this.undecodable ?? 'the body is not JSON' }
          : judgeAnswer(schema, value);
    }
    return this.#fit;
  }

  #described(schema: AnswerSchema): unknown {
    const wrong = schemaProblem(schema);
    if (wrong !== undefined) throw new EngineError('invalid-request', `${wrongJson(this.operation, wrong)}.`);
    // A request that failed has no body that could fit; its outcome stays.
    if (this.outcome !== 'ok') return undefined;
    const fit = this.fit(schema);
    if (fit.reason === undefined) return fit.value;
    this.#refuse(fit.reason);
    return undefined;
  }

  #refuse(reason: string): void {
    if (this.outcome !== 'ok') return;
    this.outcome = 'invalid_body';
    this.error = { code: 'body', message: reason };
    this.#request?.misfit(this, reason);
  }

  text(): string {
    // Without an argument Node skips the lookup of an encoding.
    return (this.#text ??= buffer(this.bytes()).toString());
  }

  bytes(): Uint8Array {
    if (this.#bytes !== undefined) return this.#bytes;
    const raw = this.#raw();
    if (!isEncoded(this.#head)) return raw;
    try {
      this.#bytes = decodeBody(this.#head, raw);
    } catch (error) {
      this.#bytes = NO_BYTES;
      this.undecodable = reasonOf(error);
      this.#refuse(this.undecodable);
    }
    return this.#bytes;
  }

  /** The body for an excerpt: as received if it cannot be decoded. */
  rawText(): string {
    const text = this.text();
    return this.undecodable === undefined ? text : buffer(this.#raw()).toString();
  }

  #raw(): Uint8Array {
    const [first] = this.#chunks;
    if (first === undefined) return NO_BYTES;
    return this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
  }
}

function buffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
