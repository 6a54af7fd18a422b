import { EngineError } from '../errors.ts';
import type { Arrival } from '../model/arrival.ts';
import type { CompiledOperation } from '../model/compiled-run.ts';
import { deriveRandom, type Random } from '../random.ts';
import type { Feeder } from '../model/feeder.ts';
import type { ChecksOf, RequestSpec, Tags, VirtualUser } from '../model/scenario.ts';
import type { LoadResponse } from '../model/load-response.ts';
import type { Channel } from '../model/channel.ts';
import type { WireRequest } from '../model/flight.ts';
import type { ResponseStream } from '../model/stream.ts';
import { show } from '../show.ts';
import type { ConnectionSource } from '../transport/connections.ts';
import { RequestProblem } from '../transport/head.ts';
import { ActiveRequest, type RequestOwner } from './active-request.ts';
import { buildWire, type CookieSource } from './build-wire.ts';
import { routesOf, type RouteTable } from './route-table.ts';
import { furtherArgument } from './further-argument.ts';
import { sendAll, type BaseAddress, type Hop } from './redirects.ts';
import { takeRow } from './next-row.ts';
import { ShorthandUser } from './shorthand-user.ts';
import type { Redactor } from '../secrets/redactor.ts';
import type { SecretSource } from '../secrets/secret-values.ts';
import { SentSecrets } from '../secrets/sent-secrets.ts';
import { checkOneMessage, problemOf, unknownOperation } from './misuse.ts';
import { recordMetric } from './record-metric.ts';
import { runChecks } from './run-checks.ts';
import { withTags } from './request-tags.ts';
import { stopRun } from './stop-run.ts';
import { IdlePool } from './idle-pool.ts';
import { thinkProblem, thinkTime } from './think-time.ts';
import { forever, Waits, type Wait, type WaitingUser } from './waits.ts';
import type { NativeResponse } from './response.ts';
import type { HostBase, UserHost } from './user-host.ts';
import { otherCall } from './stream/other-call.ts';
import { NOT_STREAMED, StreamReader, type Over } from './stream/stream-reader.ts';
import { Channels } from './channel/channels.ts';
import { OneExchange } from './channel/one-exchange.ts';

/**
 * A virtual user on the native engine: the interface for scenario code, and interruption for the engine.
 *
 * Must hold: after `interrupt`, new requests and waits never settle, because a rejection would make a loop with `catch`
 * spin. Queued requests are interrupted first: a connection released by another would be given to them.
 */
export class NativeUser extends ShorthandUser implements VirtualUser, RequestOwner, WaitingUser {
  readonly id: number;
  iteration = 0;
  #host: UserHost;
  readonly #connections: ConnectionSource;
  readonly #random: Random;
  readonly #secrets: SentSecrets;
  /** All request objects of this user, and the reusable ones. `active` marks those in flight: cheaper than a set. */
  #requests: ActiveRequest[] = [];
  #idle = new IdlePool<ActiveRequest>();
  /** Most connections at once to one address; more than one after a `batch`. */
  #width = 1;
  /** Whether code of an iteration runs, not `onStart` or `onStop`. */
  inIteration = false;
  /** Cached `iterationInRun`; -1 until scenario code reads it. */
  #iterationInRun = -1;
  /** Connections to the scenario's `bases`, by name; made for the first request to one. */
  #others: Map<string, ConnectionSource> | undefined;
  #channels: Channels | undefined;
  arrival: Arrival | undefined;
  /** Whether channels that are opened now outlast the iteration. */
  lasting = false;
  readonly #waits = new Waits(this);
  #interrupted = false;
  /** Whether a response or a wait ended during this iteration. */
  #turned = false;
  /** Requests and waits that scenario code did not await; the iteration ends after them. */
  #leftOver: Set<ActiveRequest | Wait> | undefined;
  /** Whether the request that is being sent is one of them: its wait for `maxPerSecond` was. */
  #isLeftOver = false;
  #whenOver: (() => void) | undefined;
  /** Intended start for the next request; NaN: now. */
  #intendedMs = Number.NaN;
  #handedOutMs = Number.NaN;
  /** Milliseconds from hand-out until the user was ready. */
  #readyMs = 0;
  #pacedMs = 0;

  constructor(host: UserHost, id: number) {
    super();
    this.#host = host;
    this.id = id;
    this.#connections = host.connections();
    this.#secrets = new SentSecrets(host.secrets);
    this.#random = deriveRandom(host.seed, host.scenario.index + 1, id);
  }

  /**
   * Called by the engine before an iteration. The first request inherits the iteration's intended start; later ones
   * depend on earlier responses, so their intended start is when they are requested.
   * @param readyMs duration of `onStart` after the iteration was handed out: part of the queue wait
   */
  beginIteration(intendedMs: number, handedOutMs: number, readyMs = 0): void {
    this.#turned = false;
    this.#iterationInRun = -1;
    this.groupPath = '';
    this.#readyMs = readyMs;
    this.#intendedMs = intendedMs;
    this.#handedOutMs = handedOutMs;
  }

  /** Milliseconds that its requests have waited for operations with a `maxPerSecond`. */
  get pacedMs(): number {
    return this.#pacedMs;
  }

  /** Later requests belong to the phase of this host; in-flight ones keep theirs. */
  enter(host: UserHost): void {
    this.#host = host;
    this.#requests = this.#requests.filter((request) => request.active);
    this.#idle = new IdlePool();
  }

  /** Whether a response or a wait ended during this iteration. If not, the caller must yield to the event loop. */
  get turned(): boolean {
    return this.#turned;
  }

  /** Whether requests are in flight or waits pending. */
  get busy(): boolean {
    return this.#requests.length > this.#idle.size || this.#waits.any;
  }

  /**
   * Call only while `busy`: calls back one turn after the current requests and waits have ended, never after an interruption.
   * Does not wait for requests started later: background code must not block the user for ever.
   */
  afterThoseUnderWay(callback: () => void): void {
    this.#leftOver = new Set<ActiveRequest | Wait>(this.#waits);
    for (const request of this.#requests) if (request.active) this.#leftOver.add(request);
    this.#whenOver = callback;
  }

  random(further?: unknown): number {
    if (further !== undefined) throw this.problem(furtherArgument('random'));
    return this.#random();
  }

  get iterationInRun(): number {
    if (!this.inIteration) return 0;
    if (this.#iterationInRun < 0) this.#iterationInRun = this.#host.coordination?.nextIteration() ?? 0;
    return this.#iterationInRun;
  }

  feed<Row>(feeder: Feeder<Row>): Row {
    return takeRow(feeder, this.#host, this.id, this.#random);
  }

  stop(reason: string): never {
    stopRun(this.#host, reason);
  }

  protected override widen(connections: number): void {
    this.#width = Math.max(this.#width, connections);
    this.#connections.widen(this.#width);
    for (const others of this.#others?.values() ?? []) others.widen(this.#width);
  }

  request(spec: RequestSpec, further?: unknown): Promise<LoadResponse> {
    if (further !== undefined) return Promise.reject(this.problem(furtherArgument('request')));
    return this.#checked(spec, undefined);
  }

  stream(spec: RequestSpec, further?: unknown): ResponseStream {
    if (further !== undefined) throw this.problem(furtherArgument('stream'));
    const { clock, scenario, onExchange } = this.#host;
    const compiled = scenario.operations.get((spec as RequestSpec | undefined)?.operation ?? '')?.stream;
    const reader = new StreamReader(compiled ?? NOT_STREAMED, clock, onExchange !== undefined);
    if (compiled?.format === 'websocket') reader.over = (to) => new OneExchange(to, reader);
    reader.response = this.#checked(spec, reader);
    return reader;
  }

  open(spec: RequestSpec, further?: unknown): Promise<Channel> {
    if (further !== undefined) return Promise.reject(this.problem(furtherArgument('open')));
    this.#channels ??= new Channels(this.#host, (turn, reader) => this.#checked(turn, reader));
    return this.#channels.open(spec, this.lasting);
  }

  /** Closes the channels that its iteration has opened. */
  closeChannels(): void {
    this.#channels?.closeOpened();
  }

  #checked(spec: RequestSpec, sink: StreamReader | undefined): Promise<LoadResponse> {
    if (this.#interrupted) return forever();
    const { scenario } = this.#host;
    const operation = scenario.operations.get((spec as RequestSpec | null)?.operation as string);
    if (operation === undefined) return Promise.reject(unknownOperation(scenario, spec));
    if ((operation.stream === undefined) !== (sink === undefined)) return otherCall(operation);
    let labelled = spec;
    if (spec.tags !== undefined || this.groupPath !== '') {
      try {
        labelled = withTags(spec, operation, scenario, this.groupPath);
      } catch (error) {
        return Promise.reject(problemOf(scenario.name, spec, error));
      }
    }
    if ((spec.redirects ?? false) !== false && sink === undefined)
      return sendAll((hop) => (this.#interrupted ? forever() : this.#paced(labelled, operation, hop)));
    return this.#paced(labelled, operation, undefined, sink);
  }

  /** @param hop where a redirect leads to */
  #paced(
    spec: RequestSpec,
    operation: CompiledOperation,
    hop?: Hop,
    sink?: StreamReader,
  ): Promise<LoadResponse> {
    const gate = this.#host.gates.get(spec.operation);
    const waitMs = gate === undefined ? 0 : gate.take(this.#host.clock.now());
    if (waitMs === 0) return this.#send(spec, operation, hop, sink);
    this.#pacedMs += waitMs;
    return this.#waits.add(this.#host.clock, waitMs, (wait) => {
      // Response time counts from the end of this wait, which `maxPerSecond` causes; a first request loses its intended start.
      this.#handedOutMs = Number.NaN;
      this.#isLeftOver = this.#leftOver?.has(wait) === true;
      const response = this.#send(spec, operation, hop, sink);
      this.#isLeftOver = false;
      return response;
    });
  }

  #send(
    spec: RequestSpec,
    operation: CompiledOperation,
    hop: Hop | undefined,
    sink: StreamReader | undefined,
  ): Promise<LoadResponse> {
    let handedOutMs = this.#handedOutMs;
    let intendedMs = this.#intendedMs;
    if (Number.isNaN(handedOutMs)) {
      handedOutMs = this.#host.clock.now();
      intendedMs = handedOutMs;
    }
    if (sink?.lead !== undefined) {
      intendedMs = handedOutMs - sink.lead.intendedMs;
      handedOutMs -= sink.lead.handedOutMs;
    }
    this.#handedOutMs = Number.NaN;
    this.#intendedMs = Number.NaN;
    let request;
    let wire;
    try {
      const name = hop === undefined ? (spec.base ?? operation.operation.base) : hop.base.name;
      const base = name === undefined ? undefined : this.#base(name);
      wire = buildWire(spec, operation.operation, base ?? this.#host, this.#secrets, this.cookies, hop);
      if (sink?.over !== undefined) request = this.#exchange(base ?? this.#host, wire, sink.over);
      else request = base === undefined ? this.#idleRequest() : this.#requestTo(base);
    } catch (error) {
      return Promise.reject(problemOf(this.#host.scenario.name, spec, error));
    }
    if (this.#isLeftOver) this.#leftOver?.add(request);
    request.hop = hop;
    return request.launch(spec, operation, wire, intendedMs, handedOutMs, sink);
  }

  #idleRequest(): ActiveRequest {
    return (
      this.#idle.take() ??
      this.#add(new ActiveRequest(this.#host, this, this.#connections, this.#idle, this.#host))
    );
  }

  /** A request to another address than the target; not reused, as its connections are others. */
  #requestTo(base: HostBase): ActiveRequest {
    this.#others ??= new Map();
    let connections = this.#others.get(base.name);
    if (connections === undefined) this.#others.set(base.name, (connections = base.connections()));
    connections.widen(this.#width);
    return this.#add(new ActiveRequest(this.#host, this, connections, new IdlePool(), base));
  }

  /** A request over a WebSocket. @throws RequestProblem */
  #exchange(to: HostBase | UserHost, wire: WireRequest, over: Over): ActiveRequest {
    checkOneMessage(wire);
    return this.#add(new ActiveRequest(this.#host, this, over(to), new IdlePool(), to));
  }

  #add(request: ActiveRequest): ActiveRequest {
    // Most users have one: a literal has one place, an array that grows by `push` 17.
    if (this.#requests.length === 0) this.#requests = [request];
    else this.#requests.push(request);
    return request;
  }

  /** @throws RequestProblem */
  #base(name: string): HostBase {
    const base = this.#host.bases.get(name);
    if (base !== undefined) return base;
    const known = [...this.#host.bases.keys()].join(', ') || 'none';
    throw new RequestProblem(`has base ${show(name)}; expected one of the scenario's bases: ${known}`);
  }

  protected get routes(): RouteTable {
    return routesOf(this.#host.scenario);
  }

  protected problem(problem: string): EngineError {
    return new EngineError('invalid-request', `scenario "${this.#host.scenario.name}" ${problem}.`);
  }

  /** Set by `CookieUser`, for runs with cookies. */
  protected readonly cookies: CookieSource | undefined = undefined;

  check<Subject>(subject: Subject, checks: ChecksOf<Subject>, further?: unknown): boolean {
    if (further !== undefined) throw this.problem(furtherArgument('check'));
    return runChecks(this.#host, subject, checks);
  }

  think(seconds: number | { readonly min: number; readonly max: number }, further?: unknown): Promise<void> {
    const duration = further === undefined ? thinkTime(seconds, this.#random) : undefined;
    if (duration === undefined) return Promise.reject(this.problem(thinkProblem(seconds, further)));
    return Number.isNaN(this.#handedOutMs)
      ? this.#waits.add(this.#host.clock, duration * 1000)
      : this.#waits.add(this.#host.clock, duration * 1000, () => this.#startLater());
  }

  /** Excludes think time before the first request from its response time, but keeps the lag of the iteration start. */
  #startLater(): void {
    const lagMs = this.#handedOutMs - this.#intendedMs;
    // Another request was sent during the wait and took the intended start.
    if (Number.isNaN(lagMs)) return;
    this.#handedOutMs = this.#host.clock.now() - this.#readyMs;
    this.#intendedMs = this.#handedOutMs - lagMs;
  }

  record(metric: string, value: number, tags?: Tags): void {
    recordMetric(this.#host, metric, value, tags);
  }

  protected override nowMs(): number {
    return this.#host.clock.now();
  }

  protected override groupEnded(path: string, durationMs: number): void {
    const { recorder, phase, scenario } = this.#host;
    if (phase === 'run') recorder?.group(scenario.index, path, durationMs);
  }

  /** Implemented by `CookieUser`, to read cookies from responses. */
  received?(response: NativeResponse, path: string, address: BaseAddress): void;

  /** Removes what this user sent as a secret. */
  redactor(more?: readonly SecretSource[]): Redactor {
    return this.#secrets.redactor(more);
  }

  requestEnded(request: ActiveRequest): void {
    request.idle.put(request);
    // A request of an earlier phase is not reused.
    if (request.idle !== this.#idle) this.#requests.splice(this.#requests.indexOf(request), 1);
    // A request that failed before it was sent (such as without a free descriptor) may have ended within the same turn.
    if (!Number.isNaN(request.sentMs)) this.#turned = true;
    if (this.#leftOver !== undefined) this.#ended(request);
  }

  waitOver(wait: Wait): void {
    this.#turned = true;
    if (this.#leftOver !== undefined) this.#ended(wait);
  }

  #ended(what: ActiveRequest | Wait): void {
    if (this.#leftOver?.delete(what) !== true || this.#leftOver.size > 0) return;
    this.#leftOver = undefined;
    this.#host.clock.soon(this.#whenOver!);
  }

  /** Interrupts the user: its requests and waits reject; later ones never settle. */
  interrupt(): void {
    this.#interrupted = true;
    this.#leftOver = undefined;
    const active = this.#requests.filter((request) => request.active);
    for (const request of active) if (request.connection === undefined) request.interrupt();
    for (const request of active) if (request.active) request.interrupt();
    this.#waits.interrupt(this.#host.clock);
  }

  get interrupted(): boolean {
    return this.#interrupted;
  }

  /** Ends a wait of `think` early, when the user or the run stops. */
  wake(wait: Promise<void>): void {
    this.#waits.wake(this.#host.clock, wait);
  }

  /** Ends the user: interrupts its in-flight and later requests and closes its own connections. */
  leave(): void {
    this.interrupt();
    this.#channels?.abandon();
    this.#connections.close();
    for (const connections of this.#others?.values() ?? []) connections.close();
  }
}
