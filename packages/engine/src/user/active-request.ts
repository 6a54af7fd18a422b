import type { Alarm } from '../clock/clock.ts';
import { OUTCOMES, outcomeOfStatus, type Outcome } from '../outcome.ts';
import type { LoadResponse, RequestSpec, Timings } from '../scenario.ts';
import type { CompiledOperation } from '../run/compile.ts';
import type { ConnectionSource, FlightWithConnection } from '../transport/connections.ts';
import { NOT_SENT, STALE_CONNECTION } from '../transport/failure.ts';
import { fieldsOf } from '../transport/head.ts';
import type { Connection, TransportFailure, WireRequest } from '../transport/flight.ts';
import { Interrupted } from './interrupted.ts';
import { NativeResponse } from './response.ts';
import { secretsRemoved } from './secrets.ts';
import type { UserHost } from './user-host.ts';

const OK = OUTCOMES.indexOf('ok');
const INTERRUPTED: TransportFailure = {
  outcome: 'connection_error',
  code: 'interrupted',
  message: 'cut off by the end of the run',
};
/** Methods that may be sent again when the server may have seen them (RFC 9110, 9.2.1). */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
const MAX_SAMPLE_CHARACTERS = 2000;

/** Whose request it is, and who wants to know that it is over. */
export interface RequestOwner {
  readonly id: number;
  readonly iteration: number;
  requestEnded(request: ActiveRequest): void;
}

/** One request from handing out to its outcome. A user reuses these objects: nothing per request lives on. */
export class ActiveRequest implements FlightWithConnection {
  wire!: WireRequest;
  lateMs = 0;
  connection: Connection | undefined;
  sentMs = Number.NaN;
  requestSentMs = Number.NaN;
  firstByteMs = Number.NaN;
  endMs = Number.NaN;
  connectMs = 0;
  tlsMs = 0;
  idleMs = Number.NaN;
  status = 0;
  head = '';
  chunks: Uint8Array[] = [];
  bytesReceived = 0;
  failure: TransportFailure | undefined;
  /** Handed out, not yet ended. */
  active = false;
  readonly #host: UserHost;
  readonly #owner: RequestOwner;
  readonly #connections: ConnectionSource;
  #spec!: RequestSpec;
  #operation!: CompiledOperation;
  #intendedMs = 0;
  #handedOutMs = 0;
  #bytesSent = 0;
  #deadlineMs = 0;
  #timeoutMs = 0;
  #retried = false;
  readonly #alarm: Alarm;
  #resolve!: (response: LoadResponse) => void;
  #reject!: (error: unknown) => void;

  constructor(host: UserHost, owner: RequestOwner, connections: ConnectionSource) {
    this.#host = host;
    this.#owner = owner;
    this.#connections = connections;
    this.#alarm = host.clock.alarm(() => this.#timedOut());
  }

  launch(
    spec: RequestSpec,
    operation: CompiledOperation,
    wire: WireRequest,
    intendedMs: number,
    handedOutMs: number,
    resolve: (response: LoadResponse) => void,
    reject: (error: unknown) => void,
  ): void {
    this.wire = wire;
    this.#spec = spec;
    this.#operation = operation;
    this.#intendedMs = intendedMs;
    this.#handedOutMs = handedOutMs;
    this.lateMs = handedOutMs - intendedMs;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#bytesSent = wire.bodyBytes;
    this.#reset();
    this.#retried = false;
    this.active = true;
    if (this.#host.phase === 'run') this.#host.recorder?.launched(operation.index);
    this.#arm(spec.timeoutMs ?? this.#host.requestTimeoutMs);
    this.#connections.launch(this);
  }

  /** Cuts the request off; its promise rejects. */
  interrupt(): void {
    this.#end(INTERRUPTED);
  }

  ended(): void {
    const { failure } = this;
    const recorder = this.#host.phase === 'run' ? this.#host.recorder : undefined;
    this.#connections.release(this);
    this.#host.answered?.(this.endMs);
    if (failure?.code === STALE_CONNECTION && SAFE_METHODS.has(this.wire.method) && !this.#retried) {
      // The server never saw it. The clock goes on: what the user waited is the response time.
      this.#retried = true;
      recorder?.retried(this.#operation.index);
      this.#reset();
      this.#connections.launch(this);
      return;
    }
    this.#deadlineMs = Number.POSITIVE_INFINITY;
    this.active = false;
    this.#owner.requestEnded(this);
    if (failure === INTERRUPTED) {
      recorder?.interruptedRequest(this.#operation.index, this.endMs - this.#intendedMs);
      this.#reject(new Interrupted());
      return;
    }
    try {
      this.#resolve(this.#record(recorder));
    } catch (error) {
      // Code of others that is called here (`onExchange`) has thrown: the one who waits has to know.
      this.#reject(error);
    }
  }

  #reset(): void {
    this.sentMs = Number.NaN;
    this.requestSentMs = Number.NaN;
    this.firstByteMs = Number.NaN;
    this.connectMs = 0;
    this.tlsMs = 0;
    this.idleMs = Number.NaN;
    this.status = 0;
    this.head = '';
    this.chunks = [];
    this.bytesReceived = 0;
    this.failure = undefined;
  }

  #record(recorder: UserHost['recorder']): LoadResponse {
    const { failure, status, endMs } = this;
    const timings = this.#timings();
    const response = new NativeResponse(
      this.#operation.operation.name,
      status,
      failure?.outcome ?? outcomeOfStatus(status),
      failure,
      timings,
      this.head,
      this.chunks,
    );
    if (failure === undefined) this.#judge(response);
    const outcome = response.outcome === 'ok' ? OK : OUTCOMES.indexOf(response.outcome);
    if (recorder !== undefined) {
      const { index } = this.#operation;
      recorder.request(
        index,
        outcome,
        status,
        this.#intendedMs,
        timings,
        this.#bytesSent,
        this.bytesReceived,
      );
      if (outcome !== OK) {
        const { code, message } = response.error ?? { code: 'unknown', message: 'unknown' };
        recorder.error(index, outcome, code, message, endMs, (atMs) => ({
          atMs,
          status,
          message,
          request: secretsRemoved(`${this.wire.method} ${this.wire.path}`),
          body: secretsRemoved(response.text().slice(0, MAX_SAMPLE_CHARACTERS)),
          user: this.#owner.id,
          iteration: this.#owner.iteration,
        }));
      }
    }
    this.#host.onExchange?.({
      scenario: this.#operation.scenario,
      phase: this.#host.phase,
      user: this.#owner.id,
      spec: this.#spec,
      method: this.wire.method,
      url: this.#host.origin + this.wire.path,
      headers: fieldsOf(this.wire.head),
      response,
    });
    return response;
  }

  /** What the status and the content of an answer make of it. */
  #judge(response: NativeResponse): void {
    const { status } = response;
    if (response.outcome !== 'ok') {
      response.error = { code: `http_${status}`, message: `HTTP ${status}` };
      return;
    }
    const { accepts } = this.#operation.operation;
    if (status >= 300 || accepts === undefined) return;
    const reason = rejection(accepts, response);
    if (reason === undefined) return;
    response.outcome = 'invalid_body' satisfies Outcome;
    response.error = { code: 'body', message: reason };
  }

  #timings(): Timings {
    const { sentMs, requestSentMs, firstByteMs, endMs } = this;
    // What never happened took no time; what was under way when it failed took until then.
    const sent = Number.isNaN(sentMs) ? endMs : sentMs;
    const requestSent = Number.isNaN(requestSentMs) ? endMs : requestSentMs;
    const firstByte = Number.isNaN(firstByteMs) ? endMs : firstByteMs;
    return {
      responseTimeMs: endMs - this.#intendedMs,
      serviceTimeMs: endMs - sent,
      queueWaitMs: sent - this.#handedOutMs,
      connectMs: this.connectMs,
      tlsMs: this.tlsMs,
      sendingMs: Math.max(0, Math.min(requestSent, firstByte) - sent),
      waitingMs: Math.max(0, firstByte - requestSent),
      receivingMs: endMs - firstByte,
    };
  }

  /** One alarm per object: setting it again allocates nothing. One that rings for an earlier request is let ring. */
  #arm(timeoutMs: number): void {
    this.#deadlineMs = this.#handedOutMs + timeoutMs;
    this.#timeoutMs = timeoutMs;
    this.#alarm.set(timeoutMs);
  }

  #timedOut(): void {
    const leftMs = this.#deadlineMs - this.#host.clock.now();
    if (leftMs === Number.POSITIVE_INFINITY) return;
    if (leftMs > 0) {
      this.#alarm.set(Math.ceil(leftMs));
      return;
    }
    const limit = `${this.#timeoutMs} ms`;
    this.#end(
      Number.isNaN(this.sentMs)
        ? { outcome: 'timeout', code: NOT_SENT, message: `no connection to send it on within ${limit}` }
        : { outcome: 'timeout', code: 'request_timeout', message: `no complete answer within ${limit}` },
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

/** A predicate that trips over a body has not found in it what the operation promises. */
function rejection(accepts: (response: LoadResponse) => string | undefined, response: LoadResponse) {
  try {
    return accepts(response);
  } catch (error) {
    return `accepts threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
  }
}
