import { isFailure, OUTCOMES, outcomeOfStatus, type Outcome } from '../outcome.ts';
import type { RequestSpec } from '../model/scenario.ts';
import type { LoadResponse } from '../model/load-response.ts';
import type { CompiledOperation } from '../model/compiled-run.ts';
import type { ConnectionSource, FlightWithConnection } from '../transport/connections.ts';
import { NOT_SENT, STALE_CONNECTION } from '../transport/failure.ts';
import { fieldsOf, valuesOf } from '../transport/head.ts';
import type { Carrier, TransportFailure, WireRequest } from '../model/flight.ts';
import { Deadline } from './deadline.ts';
import type { IdlePool, Reusable } from './idle-pool.ts';
import { Interrupted, INTERRUPTED } from './interrupted.ts';
import { problemOf } from './misuse.ts';
import { NO_WIRE } from './no-wire.ts';
import { NativeResponse } from './response.ts';
import { judgeStatus, judgeBody } from './judge-response.ts';
import { redirectOf, type BaseAddress, type Hop } from './redirects.ts';
import type { Lead, StreamReader } from './stream/stream-reader.ts';
import type { Redactor, SecretsOwner } from '../secrets/redactor.ts';
import { secretsOf, type SecretSource } from '../secrets/secret-values.ts';
import { lastPhaseOf, timingsOf } from './timings.ts';
import type { UserHost } from './user-host.ts';

const OK = OUTCOMES.indexOf('ok');
const INVALID_BODY = OUTCOMES.indexOf('invalid_body');
/** Index of no outcome: the request was interrupted. */
const INTERRUPTED_INDEX = -1;
const MAX_SAMPLE_CHARACTERS = 2000;
const NO_SPEC: RequestSpec = { operation: '', path: '' };
const NO_CHUNKS: Uint8Array[] = [];

/** The user that a request belongs to; told of its end. */
export interface RequestOwner {
  readonly id: number;
  readonly iteration: number;
  /** Called with each response before scenario code receives it. @param path with its query */
  received?(response: NativeResponse, path: string, address: BaseAddress): void;
  requestEnded(request: ActiveRequest): void;
  /** @param more secrets that only this request knows */
  redactor(more?: readonly SecretSource[]): Redactor;
}

/**
 * One request from handing out to its outcome. Objects for requests to the target are pooled per user, so that memory
 * does not grow with the number of requests. Objects for other bases and for WebSockets are used once.
 *
 * Must hold:
 * - `launch` only on an idle object; on an active one it throws, as the request that is on would never be counted.
 * - `#forget` comes after the recording: the secrets of the body are known only until then.
 * - A retry keeps the start times: the response time includes the first attempt.
 *
 * | state           | held as                                      | event                                  | next                    |
 * | --------------- | -------------------------------------------- | -------------------------------------- | ----------------------- |
 * | idle            | `active` false, in the pool `idle`           | `launch`                               | waiting                 |
 * | waiting         | `active`, no `connection`, queued            | the source assigns a connection        | on a connection         |
 * | waiting         |                                              | time limit, `interrupt`: withdrawn     | ended                   |
 * | on a connection | `active`, `connection` set                   | `ended` by the transport               | ended                   |
 * | on a connection |                                              | time limit, `interrupt`: `cancel`      | ended, through `ended`  |
 * | on a connection |                                              | `ended` as stale, not `#retried`       | waiting, `#retried` set |
 * | on a connection |                                              | `recall`: a WebSocket is open          | idle, counted as none   |
 * | ended           | recorded once, promise settled, `#forget`    | `requestEnded` returns it to the pool  | idle                    |
 */
export class ActiveRequest implements FlightWithConnection, SecretsOwner, Reusable<ActiveRequest> {
  wire = NO_WIRE;
  lateMs = 0;
  connection: Carrier | undefined;
  sentMs = Number.NaN;
  requestSentMs = Number.NaN;
  firstByteMs = Number.NaN;
  endMs = Number.NaN;
  connectMs = 0;
  tlsMs = 0;
  heldMs = 0;
  status = 0;
  head = '';
  chunks = NO_CHUNKS;
  bytesReceived = 0;
  sink: StreamReader | undefined;
  failure: TransportFailure | undefined;
  /** In flight: handed out, not yet ended; waiting for a connection or assigned to one. */
  active = false;
  readonly #host: UserHost;
  readonly #owner: RequestOwner;
  readonly #address: BaseAddress;
  /** The redirect that led to this request; `undefined`: none did. */
  hop: Hop | undefined;
  readonly #connections: ConnectionSource;
  /** The pool that it returns to at its end. */
  readonly idle: IdlePool<ActiveRequest>;
  nextIdle: ActiveRequest | undefined;
  #spec = NO_SPEC;
  #operation!: CompiledOperation;
  #intendedMs = 0;
  #handedOutMs = 0;
  #bytesSent = 0;
  #retried = false;
  readonly #deadline: Deadline;
  /** The promise that scenario code holds while the request is in flight. */
  #promise: Promise<LoadResponse> | undefined;
  #resolve!: (response: LoadResponse) => void;
  #reject!: (error: unknown) => void;
  readonly #settle = (resolve: (response: LoadResponse) => void, reject: (error: unknown) => void): void => {
    this.#resolve = resolve;
    this.#reject = reject;
  };

  constructor(
    host: UserHost,
    owner: RequestOwner,
    connections: ConnectionSource,
    idle: IdlePool<ActiveRequest>,
    address: BaseAddress,
  ) {
    this.idle = idle;
    this.#address = address;
    this.#host = host;
    this.#owner = owner;
    this.#connections = connections;
    this.#deadline = new Deadline(host.clock, (limitMs) => this.#timedOut(limitMs));
  }

  /**
   * @param sink reads the response while it arrives
   * @returns a promise that rejects only when the request is interrupted or a callback of the caller fails
   */
  launch(
    spec: RequestSpec,
    operation: CompiledOperation,
    wire: WireRequest,
    intendedMs: number,
    handedOutMs: number,
    sink?: StreamReader,
  ): Promise<LoadResponse> {
    if (this.active) throw new Error('a request object carries one request at a time');
    const promise = new Promise<LoadResponse>(this.#settle);
    this.#promise = promise;
    this.wire = wire;
    this.#spec = spec;
    this.#operation = operation;
    this.#intendedMs = intendedMs;
    this.#handedOutMs = handedOutMs;
    this.lateMs = handedOutMs - intendedMs;
    this.#bytesSent = 0;
    this.sink = sink;
    sink?.begin(this, handedOutMs, spec.hangUpAfterMs);
    this.#reset();
    this.#retried = false;
    this.active = true;
    if (this.#host.phase === 'run') this.#host.recorder?.launched(operation.index);
    this.#deadline.set(handedOutMs, spec.timeoutMs ?? this.#host.requestTimeoutMs, sink?.lead?.handedOutMs);
    this.#connections.launch(this);
    return promise;
  }

  /** Interrupts the request. Marks the rejection of its promise as handled: scenario code may never await it. */
  interrupt(): void {
    this.#promise?.catch(() => undefined);
    this.#end(INTERRUPTED);
  }

  /** Ends a request that only opened a WebSocket. It is not counted; the first message takes over its start times. */
  recall(): Lead {
    const nowMs = this.#host.clock.now();
    const lead = { intendedMs: nowMs - this.#intendedMs, handedOutMs: nowMs - this.#handedOutMs };
    this.#deadline.clear();
    this.active = false;
    if (this.#host.phase === 'run') this.#host.recorder?.recalled(this.#operation.index);
    this.connection = undefined;
    this.#forget();
    this.#owner.requestEnded(this);
    return lead;
  }

  /** Ends the request early, for its stream. */
  cancel(failure: TransportFailure): void {
    this.#end(failure);
  }

  ended(): void {
    const { failure } = this;
    const recorder = this.#host.phase === 'run' ? this.#host.recorder : undefined;
    this.#connections.release(this);
    this.#host.answered?.(this.endMs);
    // Count body bytes only if the whole request was sent: how much of a partial body the system accepted is unknown.
    if (!Number.isNaN(this.requestSentMs)) this.#bytesSent += this.wire.bodyBytes;
    if (failure?.code === STALE_CONNECTION && !this.#retried) {
      // Retry any method: the server never read the request.
      this.#retried = true;
      recorder?.retried(this.#operation.index, this.#spec.tags);
      this.#reset();
      this.#connections.launch(this);
      return;
    }
    this.#deadline.clear();
    this.active = false;
    if (failure === INTERRUPTED) {
      recorder?.interruptedRequest(this.#operation.index, this.endMs - this.#intendedMs, this.#spec.tags);
      const interrupted = new Interrupted();
      this.#reject(interrupted);
      if (this.sink !== undefined) this.#streamEnded(this.sink, recorder, INTERRUPTED_INDEX, interrupted);
    } else {
      try {
        const response = this.#record(recorder);
        this.#owner.received?.(response, this.wire.path, this.#address);
        if (response.problem !== undefined) throw response.problem;
        this.#resolve(response);
      } catch (error) {
        // A callback of the caller has thrown (`onExchange`) or returned nonsense: reject, so that the error is reported.
        this.#reject(problemOf(this.#operation.scenario, this.#spec, error));
      }
    }
    this.#forget();
    this.#owner.requestEnded(this);
  }

  #forget(): void {
    this.#promise = undefined;
    this.wire = NO_WIRE;
    this.hop = undefined;
    this.#spec = NO_SPEC;
    this.chunks = NO_CHUNKS;
    this.sink = undefined;
  }

  /** @param error for the loop that reads the stream */
  #streamEnded(sink: StreamReader, recorder: UserHost['recorder'], outcome: number, error?: Error): void {
    const { index } = this.#operation;
    sink.intendedMs = this.#intendedMs + this.#excludedMs();
    sink.endMs = this.endMs;
    if (!sink.unasked) recorder?.stream(index, outcome, sink.intendedMs, this.sentMs, sink, this.#spec.tags);
    sink.close(error);
  }

  #reset(): void {
    this.sentMs = Number.NaN;
    this.requestSentMs = Number.NaN;
    this.firstByteMs = Number.NaN;
    this.connectMs = 0;
    this.tlsMs = 0;
    this.heldMs = 0;
    this.status = 0;
    this.head = '';
    this.chunks = [];
    this.bytesReceived = 0;
    this.failure = undefined;
  }

  #record(recorder: UserHost['recorder']): NativeResponse {
    const { failure, status, endMs, sink } = this;
    const timings = timingsOf(this, this.#intendedMs, this.#handedOutMs, this.#excludedMs());
    const response = new NativeResponse(
      this.#operation.operation.name,
      status,
      failure?.outcome ?? outcomeOfStatus(status),
      failure,
      timings,
      this.head,
      this.chunks,
      this,
    );
    if (sink === undefined) {
      if (failure === undefined) this.#judge(response);
    } else {
      sink.judge(response);
      if (response.error === undefined) this.#judge(response);
    }
    const outcome = response.outcome === 'ok' ? OK : OUTCOMES.indexOf(response.outcome);
    this.#host.unkept?.answered(this.head, this.wire.head, outcome === OK ? 0 : status);
    if (recorder !== undefined) {
      const { index } = this.#operation;
      response.flushes = recorder.flushes;
      response.sent = this.wire.body;
      response.part = recorder.request(
        index,
        outcome,
        status,
        this.#intendedMs,
        timings,
        lastPhaseOf(this),
        this.#bytesSent,
        this.bytesReceived,
        this.wire,
        this.#spec.tags,
      );
      if (isFailure(response.outcome)) {
        const { code, message } = response.error ?? { code: 'unknown', message: 'unknown' };
        const sample = (redactor: Redactor) => ({
          ...this.#sampleOf(response, redactor),
          request: redactor.text(`${this.wire.method} ${this.wire.path}`),
        });
        recorder.error(index, outcome, code, message, endMs, this, sample, recorder.traceOf(timings));
      }
    }
    if (sink !== undefined) this.#streamEnded(sink, recorder, outcome);
    this.#host.onExchange?.({
      scenario: this.#operation.scenario,
      phase: this.#host.phase,
      user: this.#owner.id,
      spec: this.#spec,
      method: this.wire.method,
      url: this.#address.origin + this.wire.path,
      headers: fieldsOf(this.wire.head),
      body: this.wire.body,
      response,
    });
    return response;
  }

  /** Called when scenario code finds a response unfit: ok becomes invalid_body, here where it is recorded already. */
  misfit(response: NativeResponse, reason: string): void {
    const { phase, recorder, scenario, clock } = this.#host;
    const operation = scenario.operations.get(response.operation);
    const { status, timings, flushes, part } = response;
    if (phase !== 'run' || flushes < 0 || recorder === undefined || operation === undefined) return;
    // Once its interval is handed over, the outcome cannot change: the request stays ok.
    if (!recorder.amend(operation.index, OK, INVALID_BODY, status, timings, flushes, part)) return;
    const sample = (redactor: Redactor) => ({
      ...this.#sampleOf(response, redactor),
      request: `${operation.operation.method} ${operation.operation.route}`,
    });
    const traceId = recorder.traceOf(timings);
    // This object may be at its next request: what is secret is that of the response.
    const owner = { redactor: () => this.#owner.redactor(secretsOf(response.setCookies(), response.sent)) };
    recorder.error(operation.index, INVALID_BODY, 'body', reason, clock.now(), owner, sample, traceId);
  }

  #sampleOf(response: NativeResponse, redactor: Redactor) {
    return {
      status: response.status,
      body: redactor.excerpt(response.rawText(), MAX_SAMPLE_CHARACTERS),
      user: this.#owner.id,
      iteration: this.#owner.iteration,
    };
  }

  /** Sets the outcome from the status and content of a response. A redirect that is followed is not judged: its last answer is. */
  #judge(response: NativeResponse): void {
    const { status } = response;
    const { operation } = this.#operation;
    if (this.#spec.redirects && this.#judgeRedirect(response)) return;
    const expect = this.#spec.expect ?? operation.expect;
    if (expect !== undefined) judgeStatus(response, expect);
    else if (response.outcome !== 'ok') {
      response.error = { code: `http_${status}`, message: `HTTP ${status}` };
    }
    if (response.outcome !== 'ok' || status >= 300) return;
    const schema = this.#spec.answer ?? operation.answer;
    const { accepts, inBandError } = operation;
    if ((accepts ?? inBandError ?? schema) !== undefined) judgeBody(response, operation, schema);
  }

  /** @returns whether the response redirects */
  #judgeRedirect(response: NativeResponse): boolean {
    const { method, path } = this.wire;
    const { origin } = this.#address;
    const redirected = { spec: this.#spec, method, origin, path, hop: this.hop };
    const hop = redirectOf(response.status, this.head, redirected, this.#host.addresses);
    if (typeof hop === 'string') {
      response.outcome = 'invalid_body' satisfies Outcome;
      response.error = { code: 'redirect', message: hop };
    } else {
      response.hop = hop;
    }
    return hop !== undefined;
  }

  /** Redacts the user's secrets and those in this request's body and response cookies; after `#forget` not those of the body. */
  redactor(): Redactor {
    return this.#owner.redactor(secretsOf(valuesOf(this.head, 'set-cookie'), this.wire.body));
  }

  /**
   * What response times leave out: `heldMs`, for a request that was not late when handed out. A late request counts in
   * full from its intended start.
   */
  #excludedMs(): number {
    return this.lateMs === 0 ? this.heldMs : 0;
  }

  #timedOut(limitMs: number): void {
    const limit = `${limitMs} ms`;
    this.#end(
      Number.isNaN(this.sentMs)
        ? { outcome: 'timeout', code: NOT_SENT, message: `no connection available within ${limit}` }
        : { outcome: 'timeout', code: 'request_timeout', message: `no complete response within ${limit}` },
    );
  }

  #end(failure: TransportFailure): void {
    if (this.#connections.withdraw(this)) {
      this.endMs = this.#host.clock.now();
      this.failure = failure;
      this.ended();
    } else {
      this.connection?.cancel(failure);
    }
  }
}
