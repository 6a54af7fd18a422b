/**
 * The engine's virtual user in k6, so that the same scenario code runs in both.
 *
 * Must hold:
 * - It behaves as `NativeUser`: what both must decide alike is in `@jarvis-load/engine/user-rules`.
 * - Outside phase `run` nothing goes into our metrics, `checks` or `http_req_failed`. k6 counts these requests in its own
 *   `http_req_duration` and `http_reqs`, also where it judges thresholds.
 * - A response that is `ok` is counted at the user's next request, channel or think time, or at the end of its iteration: what
 *   `json(schema)` finds until then is its outcome. The reader of k6's samples takes the time of the request, and k6's own verdict for
 *   what an end of the run leaves uncounted.
 * - After each iteration the caller calls `endIteration` and raises `iteration` (`k6-test.ts`).
 */
import type {
  Channel,
  ChecksOf,
  Feeder,
  LoadResponse,
  Operation,
  RequestSpec,
  Tags,
  VirtualUser,
} from '@jarvis-load/engine';
import {
  followRedirect,
  furtherArgument,
  isPromise,
  RouteTable,
  type RequestProblem,
  sendAll,
  ShorthandUser,
  thinkProblem,
  thinkTime,
  type Hop,
} from '@jarvis-load/engine/user-rules';
import { check } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import type { RefinedParams } from 'k6/http';
import { setTimeout } from 'k6/timers';
import { formatAbort } from './abort-reason.ts';
import { addressOf, resolveLocation } from './addresses.ts';
import { cutText } from './cut-text.ts';
import { judgeBody, judgeStatus } from './judge-response.ts';
import { K6Channel, type OpenSocket } from './k6-channel.ts';
import type { K6Metrics } from './k6-metrics.ts';
import { INVALID_URL } from './k6-outcome.ts';
import { K6Response, NO_SCHEMAS, type JudgeAnswer } from './k6-response.ts';
import { socketOf, wireOf, type K6Address, type K6Wire } from './k6-wire.ts';
import { RowsOfUser } from './rows-of-user.ts';
import { LoginSlots } from './login-slots.ts';
import { recordOutcome, recordTurn } from './record-turn.ts';

/** Phase of a request; sent in the header `x-load-phase`, as in the native engine. */
export type K6Phase = 'probe' | 'setup' | 'run' | 'teardown';

/** Options of a user in one phase. */
export interface K6UserOptions {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  /** URLs of further base addresses, by name. @default none */
  readonly bases?: Readonly<Record<string, string>> | undefined;
  readonly operations: readonly Operation[];
  /** undefined: the test is not for WebSockets. */
  readonly openSocket?: OpenSocket | undefined;
  /** Of requests to the target; of these, other addresses get the run id alone. */
  readonly headers: Readonly<Record<string, string>>;
  readonly phase: K6Phase;
  readonly requestTimeoutMs: number;
  /** Receives values in phase `run` only. */
  readonly metrics: K6Metrics;
  readonly id: number;
  readonly random: () => number;
  /** Start of slot 0 for operations with `maxPerSecond`, Unix time in milliseconds. */
  readonly slotsFromMs: number;
  /** Number of users that share those slots, and rows of feeders. */
  readonly users: number;
  /** Holds answers to schemas. @default schemas are an error */
  readonly judgeAnswer?: JudgeAnswer | undefined;
  /** Takes rows of feeders. @default feeders are an error */
  readonly feeders?: readonly Feeder[] | undefined;
}

const MAX_REASON = 120;
/** null excludes a request from http_req_failed; k6's types do not allow it. */
const NOT_JUDGED = null as unknown as NonNullable<RefinedParams<'text'>['responseCallback']>;

/** Implements the engine's virtual user with k6's modules. */
export class K6User extends ShorthandUser implements VirtualUser {
  readonly id: number;
  iteration = 0;
  readonly #options: K6UserOptions;
  readonly #operations: ReadonlyMap<string, Operation>;
  readonly #slots: ReadonlyMap<string, LoginSlots>;
  /** The target, then the bases. */
  readonly #addresses: readonly [K6Address, ...K6Address[]];
  readonly #channels = new Set<K6Channel>();
  /** Responses in which the scenario may still find a misfit. */
  #uncounted: { readonly response: K6Response; readonly tags: Tags }[] = [];
  #rows: RowsOfUser | undefined;
  protected readonly routes: RouteTable;

  constructor(options: K6UserOptions) {
    super();
    const { id, operations, slotsFromMs, users } = options;
    this.id = id;
    this.#options = options;
    this.routes = new RouteTable(operations);
    this.#operations = new Map(operations.map((operation) => [operation.name, operation]));
    this.#slots = new Map(
      operations.flatMap(({ name, maxPerSecond }) =>
        maxPerSecond === undefined
          ? []
          : [[name, new LoginSlots(maxPerSecond, slotsFromMs, id, users)] as const],
      ),
    );
    this.#addresses = addressesOf(options);
  }

  async request(spec: RequestSpec, further?: unknown): Promise<LoadResponse> {
    if (further !== undefined) throw this.problem(furtherArgument('request'));
    const operation = this.#operations.get(spec.operation);
    if (operation === undefined) {
      const known = [...this.#operations.keys()].join(', ');
      throw new TypeError(
        `the scenario requests operation "${spec.operation}", which it does not declare; expected one of: ${known}.`,
      );
    }
    // Not an error of the answer: each one would be `invalid_body`.
    if ((spec.answer ?? operation.answer) !== undefined && this.#options.judgeAnswer === undefined)
      throw new TypeError(NO_SCHEMAS);
    // Redirects are requests of the same operation, as in the native engine.
    return sendAll((hop) => this.#send(spec, operation, hop));
  }

  async #send(spec: RequestSpec, operation: Operation, hop?: Hop): Promise<K6Response> {
    const wire = wireOf(spec, operation, this.#addresses, hop);
    this.#countAll();
    await this.#waitForSlot(spec.operation);
    const { requestTimeoutMs } = this.#options;
    const { method, origin, path, body, headers } = wire;
    const tags = { ...operation.tags, ...spec.tags, ...this.#groupTag() };
    const params: RefinedParams<'text'> = {
      headers,
      tags: { ...tags, name: operation.name },
      timeout: spec.timeoutMs ?? requestTimeoutMs,
      // k6 would follow redirects to hosts that nobody checked.
      redirects: 0,
      responseType: 'text',
      // Requests of setup and teardown do not count in http_req_failed.
      ...(this.#options.phase === 'run' ? {} : { responseCallback: NOT_JUDGED }),
    };
    const raw = await http.asyncRequest(method, origin + path, body, params);
    if (raw.error_code === INVALID_URL) {
      throw new TypeError(
        `operation "${operation.name}" has a path that is not part of a valid URL: ${JSON.stringify(spec.path)}.`,
      );
    }
    const response = new K6Response(operation.name, raw, this.#options.judgeAnswer);
    let problem: RequestProblem | undefined;
    if (!this.#isRedirect(response, spec, wire, hop)) {
      const expect = spec.expect ?? operation.expect;
      if (expect !== undefined && response.status !== 0) judgeStatus(response, expect);
      if (response.outcome === 'ok' && response.status < 300)
        problem = judgeBody(response, operation, spec.answer ?? operation.answer);
    }
    // Where k6 itself calls it failed, it is counted at once: a run that is cut off would have its verdict.
    if (response.outcome === 'ok' && response.status < 400 && this.#options.judgeAnswer !== undefined)
      this.#uncounted.push({ response, tags });
    else this.#count(response, tags);
    if (problem !== undefined) throw new TypeError(`a request of "${operation.name}" ${problem.message}.`);
    return response;
  }

  /** Waits until the `maxPerSecond` of an operation lets the next request through. */
  async #waitForSlot(operation: string): Promise<void> {
    const waitMs = this.#slots.get(operation)?.take(Date.now()) ?? 0;
    if (waitMs > 0) await wait(waitMs);
  }

  /** Whether a request that follows redirects is redirected by this response, which is then not judged otherwise. */
  #isRedirect(response: K6Response, spec: RequestSpec, wire: K6Wire, hop: Hop | undefined): boolean {
    const { redirects = false } = spec;
    if (redirects === false) return false;
    const redirected = { ...wire, spec, hop };
    const { status, headers } = response;
    const next = followRedirect(status, headers['location'], redirected, this.#addresses, resolveLocation);
    if (typeof next === 'string') {
      response.outcome = 'invalid_body';
      response.error = { code: 'redirect', message: next };
    } else {
      response.hop = next;
    }
    return next !== undefined;
  }

  /** k6 hands out a response only when it is complete. */
  stream({ operation }: RequestSpec): never {
    throw new TypeError(
      `the scenario streams operation "${operation}", which k6 cannot do: it has no streaming of HTTP responses (server-sent events). Run the scenario with the native engine.`,
    );
  }

  /** Of the request, k6 sends path and headers with the handshake. The native engine has `NativeChannel` for it. */
  async open(spec: RequestSpec, further?: unknown): Promise<Channel> {
    if (further !== undefined) throw this.problem(furtherArgument('open'));
    const operation = this.#operations.get(spec.operation);
    const { openSocket, requestTimeoutMs, metrics, phase } = this.#options;
    if (operation?.stream !== 'websocket' || openSocket === undefined) {
      throw new TypeError(
        `the scenario opens a WebSocket for operation "${spec.operation}", which this test for k6 cannot do. Run the scenario with the native engine.`,
      );
    }
    const { url, headers } = socketOf(spec, operation, this.#addresses);
    this.#countAll();
    await this.#waitForSlot(spec.operation);
    const tags = { ...operation.tags, ...spec.tags, ...this.#groupTag(), name: operation.name };
    const channel = new K6Channel(openSocket(url, headers, tags), {
      operation,
      timeoutMs: spec.timeoutMs ?? requestTimeoutMs,
      hangUpAfterMs: spec.hangUpAfterMs,
      ended: (turn) => {
        if (phase === 'run') recordTurn(metrics, turn, tags);
      },
      closed: (each) => this.#channels.delete(each),
    });
    this.#channels.add(channel);
    await channel.start();
    if (channel.refused !== undefined && phase === 'run') recordOutcome(metrics, channel.refused, tags);
    return channel;
  }

  /** Counts what an iteration left uncounted, and closes what it left open: k6 would wait for it. */
  async endIteration(): Promise<void> {
    this.#countAll();
    for (const channel of this.#channels) await channel.close();
    this.#channels.clear();
  }

  check<Subject>(subject: Subject, checks: ChecksOf<Subject>, further?: unknown): boolean {
    if (further !== undefined) throw this.problem(furtherArgument('check'));
    if (isPromise(subject)) {
      throw new TypeError('the scenario checks a promise; expected the response: await the request first.');
    }
    if (this.#options.phase === 'run') return check(subject, synchronous<Subject>(checks));
    return Object.values(synchronous<Subject>(checks)).every((holds) => holds(subject));
  }

  think(seconds: number | { readonly min: number; readonly max: number }, further?: unknown): Promise<void> {
    this.#countAll();
    const duration = further === undefined ? thinkTime(seconds, this.#options.random) : undefined;
    if (duration !== undefined) return wait(duration * 1000);
    return Promise.reject(this.problem(thinkProblem(seconds, further)));
  }

  record(metric: string, value: number, tags?: Tags): void {
    if (this.#options.phase !== 'run') return;
    if (this.#options.metrics.add(metric, value, tags)) return;
    throw new TypeError(`the scenario records metric "${metric}", which it does not declare.`);
  }

  random(further?: unknown): number {
    if (further !== undefined) throw this.problem(furtherArgument('random'));
    return this.#options.random();
  }

  #groupTag(): Tags {
    return this.groupPath === '' ? {} : { group: this.groupPath };
  }

  /** k6 has no executor that replays arrivals. */
  readonly arrival = undefined;

  get iterationInRun(): number {
    return this.#options.phase === 'run' ? exec.scenario.iterationInTest : 0;
  }

  feed<Row>(feeder: Feeder<Row>): Row {
    const { id, users, feeders = [] } = this.#options;
    if (!feeders.includes(feeder)) {
      throw this.problem(
        `takes a row of "${feeder.name}", which it does not declare; expected feeders: [...]`,
      );
    }
    this.#rows ??= new RowsOfUser(id, users, () => this.random());
    const row = this.#rows.next(feeder);
    if (row !== undefined) return feeder.row(row);
    const end = `feeder "${feeder.name}" has no more rows for this user`;
    if (feeder.atEnd === 'stop') this.stop(end);
    throw this.problem(`takes a row after the last one: ${end}`);
  }

  /** k6 throws from within `abort`. */
  stop(reason: string): never {
    this.#countAll();
    exec.test.abort(formatAbort({ code: 'stopped', text: reason }));
    throw new TypeError(`the scenario stops the run: ${reason}`);
  }

  protected override nowMs(): number {
    return Date.now();
  }

  protected override groupEnded(path: string, durationMs: number): void {
    const { metrics, phase } = this.#options;
    if (phase === 'run') metrics.groupDuration.add(durationMs, { group: path });
  }

  protected problem(problem: string): TypeError {
    return new TypeError(`the scenario ${problem}.`);
  }

  #countAll(): void {
    const responses = this.#uncounted;
    this.#uncounted = [];
    for (const { response, tags } of responses) this.#count(response, tags);
  }

  /** Records the outcome as a separate sample, because k6 tags a request before its answer arrives. */
  #count(response: K6Response, own: Tags): void {
    const { metrics, phase } = this.#options;
    if (phase !== 'run') return;
    const { outcome, error, operation, timings } = response;
    const tags: Record<string, string> = { ...own, name: operation, outcome };
    if (error !== undefined) {
      tags['code'] = error.code;
      if (outcome === 'invalid_body') tags['reason'] = cutText(error.message, MAX_REASON);
    }
    metrics.outcomes.add(1, tags);
    metrics.responseTime.add(timings.responseTimeMs, tags);
  }
}

function addressesOf({ baseUrl, bases = {}, headers, phase }: K6UserOptions): [K6Address, ...K6Address[]] {
  const ofTool = { 'x-load-run-id': headers['x-load-run-id'] ?? '', 'x-load-phase': phase };
  return [
    { ...addressOf(baseUrl), headers: { ...lowered(headers), 'x-load-phase': phase } },
    ...Object.entries(bases).map(([name, url]) => ({ ...addressOf(url, name), headers: ofTool })),
  ];
}

/** As the native engine reads the headers of a run: `mergeHeaders` finds by its name in lower case the one that a request replaces. */
function lowered(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

type Checks<Subject> = Readonly<Record<string, (subject: Subject) => boolean>>;

/** The checks, with an error for an async one: k6 counts a promise as passed. */
function synchronous<Subject>(checks: Checks<Subject>): Checks<Subject> {
  const entries = Object.entries(checks).map(([name, holds]) => {
    const judged = (subject: Subject): boolean => {
      const pass: unknown = holds(subject);
      if (!isPromise(pass)) return Boolean(pass);
      throw new TypeError(
        `check "${name}" is asynchronous; expected true or false at once: await what it needs before.`,
      );
    };
    return [name, judged] as const;
  });
  return Object.fromEntries(entries);
}

/** Not k6's `sleep`, which would also block the user's other requests. */
function wait(durationMs: number): Promise<void> {
  if (durationMs <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs);
  });
}
