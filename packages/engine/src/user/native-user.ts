import type { ClockTimer } from '../clock/clock.ts';
import { EngineError } from '../errors.ts';
import type { CompiledOperation } from '../run/compile.ts';
import { deriveRandom, type Random } from '../random.ts';
import type { LoadResponse, RequestSpec, Tags, VirtualUser } from '../scenario.ts';
import { show } from '../show.ts';
import type { ConnectionSource } from '../transport/connections.ts';
import type { WireRequest } from '../transport/flight.ts';
import { checkToken, RequestProblem, wirePath } from '../transport/head.ts';
import { ActiveRequest, type RequestOwner } from './active-request.ts';
import { Interrupted } from './interrupted.ts';
import type { NativeResponse } from './response.ts';
import type { UserHost } from './user-host.ts';

interface Wait {
  readonly timer: ClockTimer;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  /** What the code was given. */
  promise: Promise<unknown> | undefined;
}

/** What code gets that goes on after an interruption: rejecting again would let a loop around a `catch` spin. */
function forever(): Promise<never> {
  return new Promise(() => undefined);
}

/** A virtual user on the native engine: what scenario code sees, and how the engine cuts it off. */
export class NativeUser implements VirtualUser, RequestOwner {
  readonly id: number;
  iteration = 0;
  readonly #host: UserHost;
  readonly #connections: ConnectionSource;
  readonly #random: Random;
  /** Every one made, and those of them that are free: kept apart by a flag, not by a set that each request enters. */
  readonly #requests: ActiveRequest[] = [];
  readonly #idle: ActiveRequest[] = [];
  readonly #waits = new Set<Wait>();
  #interrupted = false;
  /** Whether the code has waited for anything since the iteration began. */
  #yielded = false;
  /** Intended start for the next request; NaN: now. */
  #intendedMs = Number.NaN;
  #handedOutMs = Number.NaN;

  constructor(host: UserHost, id: number) {
    this.#host = host;
    this.id = id;
    this.#connections = host.connections();
    this.#random = deriveRandom(host.seed, host.scenario.index + 1, id);
  }

  /**
   * Called by the engine before an iteration. The first request inherits the iteration's intended start; for later
   * steps none is knowable, so theirs is the moment they are asked for.
   */
  beginIteration(intendedMs: number, handedOutMs: number): void {
    this.#yielded = false;
    this.#intendedMs = intendedMs;
    this.#handedOutMs = handedOutMs;
  }

  /** Whether the iteration waited for anything: code that never does must not keep the event loop to itself. */
  get yielded(): boolean {
    return this.#yielded;
  }

  random(): number {
    return this.#random();
  }

  request(spec: RequestSpec): Promise<LoadResponse> {
    if (this.#interrupted) return forever();
    const { name } = this.#host.scenario;
    const operation = this.#host.scenario.operations.get(spec.operation);
    if (operation === undefined) {
      const known = [...this.#host.scenario.operations.keys()].join(', ');
      return Promise.reject(
        new EngineError(
          'invalid-request',
          `scenario "${name}" requests operation "${spec.operation}", which it does not declare; expected one of: ${known}.`,
        ),
      );
    }
    const gate = this.#host.gates.get(spec.operation);
    const waitMs = gate === undefined ? 0 : gate.take(this.#host.clock.now());
    if (waitMs === 0) return this.#send(spec, operation);
    return this.#wait(waitMs, () => {
      // It could not be sent when it was asked for: the wait is the target's limit, not the response.
      this.#handedOutMs = Number.NaN;
      return this.#send(spec, operation);
    });
  }

  #send(spec: RequestSpec, operation: CompiledOperation): Promise<LoadResponse> {
    let handedOutMs = this.#handedOutMs;
    let intendedMs = this.#intendedMs;
    if (Number.isNaN(handedOutMs)) {
      handedOutMs = this.#host.clock.now();
      intendedMs = handedOutMs;
    }
    this.#handedOutMs = Number.NaN;
    this.#intendedMs = Number.NaN;
    let wire;
    try {
      wire = this.#wire(spec, operation.operation.method);
    } catch (error) {
      const problem = error as Error;
      return Promise.reject(problem);
    }
    let request = this.#idle.pop();
    if (request === undefined) {
      request = new ActiveRequest(this.#host, this, this.#connections);
      this.#requests.push(request);
    }
    this.#yielded = true;
    return request.launch(spec, operation, wire, intendedMs, handedOutMs);
  }

  check(
    subject: LoadResponse,
    checks: Readonly<Record<string, (response: LoadResponse) => boolean>>,
  ): boolean {
    let all = true;
    const { recorder, phase, scenario } = this.#host;
    for (const name in checks) {
      const pass = checks[name]!(subject);
      if (!pass) all = false;
      if (phase === 'run') recorder?.check(scenario.index, name, pass);
    }
    return all;
  }

  think(seconds: number | { readonly min: number; readonly max: number }): Promise<void> {
    const duration =
      typeof seconds === 'number' ? seconds : seconds.min + (seconds.max - seconds.min) * this.#random();
    return Number.isNaN(this.#handedOutMs)
      ? this.#wait(duration * 1000)
      : this.#wait(duration * 1000, () => this.#startLater());
  }

  /** Thinking before the first request is no part of its response time; how late the iteration began still is. */
  #startLater(): void {
    const lagMs = this.#handedOutMs - this.#intendedMs;
    // Another request went out meanwhile: it was the first.
    if (Number.isNaN(lagMs)) return;
    this.#handedOutMs = this.#host.clock.now();
    this.#intendedMs = this.#handedOutMs - lagMs;
  }

  record(metric: string, value: number, tags?: Tags): void {
    const { recorder, phase, scenario } = this.#host;
    if (phase !== 'run' || recorder === undefined) return;
    if (recorder.metric(scenario.index, metric, value, tags)) return;
    const known = [...scenario.metrics.keys()].join(', ') || 'none';
    throw new EngineError(
      'invalid-scenario',
      `scenario "${scenario.name}" records metric "${metric}", which it does not declare; declared: ${known}.`,
    );
  }

  answered?(response: NativeResponse, path: string): void;

  requestEnded(request: ActiveRequest): void {
    this.#idle.push(request);
  }

  /** Cuts off what the user does: its requests and waits reject; later ones wait for ever, as nobody waits for them. */
  interrupt(): void {
    this.#interrupted = true;
    const active = this.#requests.filter((request) => request.active);
    // First those that wait for a connection, or they would take that of the others.
    for (const request of active) if (request.connection === undefined) request.interrupt();
    for (const request of active) if (request.active) request.interrupt();
    for (const wait of this.#waits) {
      this.#host.clock.clearTimer(wait.timer);
      // Code that never awaits it need not notice.
      wait.promise?.catch(() => undefined);
      wait.reject(new Interrupted());
    }
    this.#waits.clear();
  }

  get interrupted(): boolean {
    return this.#interrupted;
  }

  /** Ends a `rest` early: the user is wanted no more, or the run stops. */
  wake(): void {
    for (const wait of this.#waits) {
      this.#host.clock.clearTimer(wait.timer);
      wait.resolve();
    }
    this.#waits.clear();
  }

  /** For good: cuts off what its code has begun and awaits no more, or may still begin, and closes its own connections. */
  leave(): void {
    this.interrupt();
    this.#connections.close();
  }

  #wait(durationMs: number): Promise<void>;
  #wait<T>(durationMs: number, goOn: () => T | Promise<T>): Promise<T>;
  #wait<T>(durationMs: number, goOn?: () => T | Promise<T>): Promise<T | void> {
    if (this.#interrupted) return forever();
    this.#yielded = true;
    const { clock } = this.#host;
    let wait!: Wait;
    const waited = new Promise<void>((resolve, reject) => {
      const timer = clock.setTimer(Math.max(0, durationMs), () => {
        this.#waits.delete(wait);
        resolve();
      });
      wait = { timer, resolve, reject, promise: undefined };
    });
    const promise = goOn === undefined ? waited : waited.then(goOn);
    wait.promise = promise;
    this.#waits.add(wait);
    return promise;
  }

  #wire(spec: RequestSpec, method: string): WireRequest {
    let body: string | Uint8Array | null = spec.body ?? null;
    if (spec.json !== undefined) {
      if (body !== null) throw this.#invalid(spec, 'has both json and body; expected one of them');
      body = this.#stringify(spec);
    } else if (body !== null && typeof body !== 'string' && !(body instanceof Uint8Array)) {
      throw this.#invalid(spec, `has a body of type ${typeof body}; expected a text, bytes, or data as json`);
    }
    const { timeoutMs } = spec;
    if (timeoutMs !== undefined && !(timeoutMs > 0 && timeoutMs < 2 ** 31)) {
      throw this.#invalid(spec, `has timeoutMs ${show(timeoutMs)}; expected milliseconds above 0`);
    }
    try {
      checkToken('method', method);
      const path = this.#host.pathPrefix + wirePath(spec.path);
      const { head, host, close } = this.#host.headers.with(
        spec.headers,
        spec.json === undefined ? undefined : 'application/json',
      );
      return {
        method,
        path,
        head,
        host,
        close,
        body,
        bodyBytes: body === null ? 0 : typeof body === 'string' ? Buffer.byteLength(body) : body.length,
      };
    } catch (error) {
      if (error instanceof RequestProblem) throw this.#invalid(spec, error.message);
      throw error;
    }
  }

  #stringify(spec: RequestSpec): string {
    try {
      const text = JSON.stringify(spec.json) as string | undefined;
      if (text !== undefined) return text;
    } catch (cause) {
      throw this.#invalid(spec, `has a json that cannot be written: ${(cause as Error).message}`, cause);
    }
    throw this.#invalid(spec, `has a json of type ${typeof spec.json}; expected data`);
  }

  #invalid(spec: RequestSpec, problem: string, cause?: unknown): EngineError {
    const request = `scenario "${this.#host.scenario.name}": a request of "${spec.operation}"`;
    return new EngineError('invalid-request', `${request} ${problem}.`, { cause });
  }
}
