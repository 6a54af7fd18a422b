import type { AnswerSchema, LoadError, LoadResponse, Timings, ValueOf } from '@jarvis-load/engine';
import type { Outcome } from '@jarvis-load/engine/outcome';
import { schemaProblem, wrongJson, type Hop } from '@jarvis-load/engine/user-rules';
import type { RefinedResponse } from 'k6/http';
import { encodeUtf8 } from './encode-utf8.ts';
import { isTransportError, nameOfK6Error, outcomeOfK6 } from './k6-outcome.ts';

type Raw = RefinedResponse<'text'>;

/** Of a test without `judgeAnswer`. */
export const NO_SCHEMAS =
  'k6 cannot hold an answer to a schema in this test: run the scenario with jarvis-load load.';

/** Holds a value to a schema: the value as the schema returns it, or why it does not fit. */
export type JudgeAnswer = (
  schema: AnswerSchema,
  value: unknown,
) => { readonly value: unknown; readonly reason?: undefined } | { readonly reason: string };

/**
 * A k6 response as a `LoadResponse`. Headers and body are converted on first use, because that is expensive in k6's
 * runtime. Bodies are text (`responseType` of `K6User`): `bytes()` of another body are wrong. `K6User` sets outcome, error and
 * hop when it judges the response, before the scenario gets it, and counts it later: what `json(schema)` finds after that is in the
 * outcome, but not in the metrics.
 */
export class K6Response implements LoadResponse {
  readonly operation: string;
  readonly status: number;
  readonly timings: Timings;
  outcome: Outcome;
  error: LoadError | undefined;
  /** Where it redirects to, of a request that follows redirects. */
  hop: Hop | undefined;
  readonly #raw: Raw;
  readonly #judgeAnswer: JudgeAnswer | undefined;
  #headers: Record<string, string> | undefined;
  #text: string | undefined;
  #json: unknown;
  #parsed = false;

  constructor(operation: string, raw: Raw, judgeAnswer?: JudgeAnswer) {
    this.operation = operation;
    this.#judgeAnswer = judgeAnswer;
    this.#raw = raw;
    const { status, error_code: errorCode } = raw;
    this.status = isTransportError(errorCode) ? 0 : status;
    this.outcome = outcomeOfK6(status, errorCode);
    if (isTransportError(errorCode)) {
      this.error = { code: nameOfK6Error(errorCode, raw.error), message: raw.error };
    } else if (this.outcome !== 'ok') {
      this.error = { code: `http_${status}`, message: `HTTP ${status}` };
    }
    this.timings = readTimings(raw);
  }

  get headers(): Readonly<Record<string, string>> {
    if (this.#headers === undefined) {
      const lower: Record<string, string> = {};
      const raw = this.#raw.headers;
      for (const name in raw) lower[name.toLowerCase()] = raw[name] ?? '';
      this.#headers = lower;
    }
    return this.#headers;
  }

  json(): unknown;
  json<Schema extends AnswerSchema>(schema: Schema): ValueOf<Schema> | undefined;
  json(schema?: AnswerSchema): unknown {
    if (schema !== undefined) return this.#described(schema);
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

  #described(schema: AnswerSchema): unknown {
    if (this.#judgeAnswer === undefined) {
      throw new TypeError(NO_SCHEMAS);
    }
    const wrong = schemaProblem(schema);
    if (wrong !== undefined) throw new TypeError(`${wrongJson(this.operation, wrong)}.`);
    if (this.outcome !== 'ok') return undefined;
    const judged = this.#judgeAnswer(schema, this.json());
    if (judged.reason === undefined) return judged.value;
    this.outcome = 'invalid_body';
    this.error = { code: 'body', message: judged.reason };
    return undefined;
  }

  text(): string {
    return (this.#text ??= this.#raw.body ?? '');
  }

  bytes(): Uint8Array {
    return encodeUtf8(this.text());
  }
}

/** k6's `blocked` contains waiting for a connection, DNS, connect and TLS: everything before the first byte is sent. */
function readTimings({ timings }: Raw): Timings {
  const { duration, blocked } = timings;
  return {
    responseTimeMs: blocked + duration,
    serviceTimeMs: duration,
    queueWaitMs: blocked,
    connectMs: timings.connecting,
    tlsMs: timings.tls_handshaking,
    sendingMs: timings.sending,
    waitingMs: timings.waiting,
    receivingMs: timings.receiving,
  };
}
