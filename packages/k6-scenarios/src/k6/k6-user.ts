import type {
  Channel,
  Feeder,
  LoadResponse,
  Operation,
  RequestSpec,
  Tags,
  VirtualUser,
} from '@jarvis-load/engine';
import {
  checkHeadersObject,
  checkRareParts,
  checkSpecNames,
  encodePairs,
  isPromise,
  MOST_THINK_SECONDS,
  pathOf,
  RequestProblem,
  RouteTable,
  ShorthandUser,
  thinkTime,
  wirePath,
} from '@jarvis-load/engine/user-rules';
import { check } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import type { RefinedParams } from 'k6/http';
import { setTimeout } from 'k6/timers';
import { K6Channel, type OpenSocket } from './k6-channel.ts';
import type { K6Metrics } from './k6-metrics.ts';
import { encodeMultipart } from './encode-multipart.ts';
import { INVALID_URL } from './k6-outcome.ts';
import { K6Response, type JudgeAnswer } from './k6-response.ts';
import { RowsOfUser } from './rows-of-user.ts';
import { LoginSlots } from './login-slots.ts';
import { recordOutcome, recordTurn } from './record-turn.ts';

/** Phase of a request; sent in the header `x-load-phase`, as in the native engine. */
export type K6Phase = 'probe' | 'setup' | 'run' | 'teardown';

/** Options of a user in one phase. */
export interface K6UserOptions {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly operations: readonly Operation[];
  /** undefined: the test is not for WebSockets. */
  readonly openSocket?: OpenSocket | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly phase: K6Phase;
  /** @default 60000 */
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

/** Implements the engine's virtual user with k6's modules, so that the same scenario code runs in both. */
export class K6User extends ShorthandUser implements VirtualUser {
  readonly id: number;
  iteration = 0;
  readonly #options: K6UserOptions;
  readonly #operations: ReadonlyMap<string, Operation>;
  readonly #slots: ReadonlyMap<string, LoginSlots>;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #channels = new Set<K6Channel>();
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
    this.#headers = { ...options.headers, 'x-load-phase': options.phase };
  }

  async request(spec: RequestSpec): Promise<LoadResponse> {
    const operation = this.#operations.get(spec.operation);
    if (operation === undefined) {
      const known = [...this.#operations.keys()].join(', ');
      throw new TypeError(
        `the scenario requests operation "${spec.operation}", which it does not declare; expected one of: ${known}.`,
      );
    }
    const path = sentPath(spec, operation);
    const waitMs = this.#slots.get(spec.operation)?.take(Date.now()) ?? 0;
    if (waitMs > 0) await wait(waitMs);
    const { baseUrl, requestTimeoutMs } = this.#options;
    const { body, headers } = encode(spec, this.#headers);
    const tags = { ...operation.tags, ...spec.tags, ...this.#groupTag() };
    const params: RefinedParams<'text'> = {
      headers,
      tags: { ...tags, name: operation.name },
      timeout: spec.timeoutMs ?? requestTimeoutMs,
      redirects: 0,
      responseType: 'text',
      // Requests of setup and teardown do not count in http_req_failed.
      ...(this.#options.phase === 'run' ? {} : { responseCallback: NOT_JUDGED }),
    };
    const raw = await http.asyncRequest(operation.method, baseUrl + path, body, params);
    if (raw.error_code === INVALID_URL) {
      throw new TypeError(
        `operation "${operation.name}" has a path that is not part of a valid URL: ${JSON.stringify(spec.path)}.`,
      );
    }
    const response = new K6Response(operation.name, raw, this.#options.judgeAnswer);
    judge(response, operation, spec.expect ?? operation.expect);
    const schema = spec.answer ?? operation.answer;
    if (schema !== undefined && response.outcome === 'ok' && response.status < 300) response.json(schema);
    this.#count(response, tags);
    return response;
  }

  /** k6 hands out a response only when it is complete. */
  stream({ operation }: RequestSpec): never {
    throw new TypeError(
      `the scenario streams operation "${operation}", which k6 cannot do: it has no streaming of HTTP responses (server-sent events). Run the scenario with the native engine.`,
    );
  }

  /** Of the request, k6 sends path and headers with the handshake. The native engine has `NativeChannel` for it. */
  async open(spec: RequestSpec): Promise<Channel> {
    const operation = this.#operations.get(spec.operation);
    const { openSocket, baseUrl, requestTimeoutMs, metrics, phase } = this.#options;
    if (operation?.stream !== 'websocket' || openSocket === undefined) {
      throw new TypeError(
        `the scenario opens a WebSocket for operation "${spec.operation}", which this test for k6 cannot do. Run the scenario with the native engine.`,
      );
    }
    const tags = { name: operation.name };
    const url = baseUrl.replace(/^http/, 'ws') + sentPath(spec, operation);
    const channel = new K6Channel(openSocket(url, { ...this.#headers, ...spec.headers }, tags), {
      operation,
      timeoutMs: spec.timeoutMs ?? requestTimeoutMs,
      hangUpAfterMs: spec.hangUpAfterMs,
      ended: (turn) => {
        if (phase === 'run') recordTurn(metrics, turn, operation.name);
      },
      closed: (each) => this.#channels.delete(each),
    });
    this.#channels.add(channel);
    await channel.start();
    if (channel.refused !== undefined && phase === 'run') recordOutcome(metrics, channel.refused);
    return channel;
  }

  /** Closes what an iteration left open: k6 would wait for it. */
  async closeChannels(): Promise<void> {
    for (const channel of this.#channels) await channel.close();
    this.#channels.clear();
  }

  check(
    subject: LoadResponse,
    checks: Readonly<Record<string, (response: LoadResponse) => boolean>>,
  ): boolean {
    if (isPromise(subject)) {
      throw new TypeError('the scenario checks a promise; expected the response: await the request first.');
    }
    if (this.#options.phase === 'run') return check(subject, synchronous(checks));
    return Object.values(synchronous(checks)).every((holds) => holds(subject));
  }

  think(seconds: number | { readonly min: number; readonly max: number }): Promise<void> {
    const duration = thinkTime(seconds, this.#options.random);
    if (duration !== undefined) return wait(duration * 1000);
    return Promise.reject(
      new TypeError(
        `the scenario thinks for ${JSON.stringify(seconds)}; expected seconds from 0 to ${MOST_THINK_SECONDS}, or { min, max } of such.`,
      ),
    );
  }

  record(metric: string, value: number, tags?: Tags): void {
    if (this.#options.phase !== 'run') return;
    if (this.#options.metrics.add(metric, value, tags)) return;
    throw new TypeError(`the scenario records metric "${metric}", which it does not declare.`);
  }

  random(): number {
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
    if (feeder.atEnd === 'stop') exec.test.abort(end);
    throw this.problem(`takes a row that is not there: ${end}`);
  }

  stop(reason: string): void {
    exec.test.abort(reason);
  }

  protected problem(problem: string): TypeError {
    return new TypeError(`the scenario ${problem}.`);
  }

  /** Records the outcome as a separate sample, because k6 tags a request before its answer arrives. */
  #count(response: K6Response, own: Tags): void {
    const { metrics, phase } = this.#options;
    if (phase !== 'run') return;
    const { outcome, error, operation, timings } = response;
    const tags: Record<string, string> = { ...own, name: operation, outcome };
    if (error !== undefined) {
      tags['code'] = error.code;
      if (outcome === 'invalid_body') tags['reason'] = error.message.slice(0, MAX_REASON);
    }
    metrics.outcomes.add(1, tags);
    metrics.responseTime.add(timings.responseTimeMs, tags);
  }
}

/** Applies the body predicate, with the rule of the native engine. */
function judge(response: K6Response, { accepts }: Operation, expect: RequestSpec['expect']): void {
  if (expect !== undefined && response.status !== 0) judgeStatus(response, expect);
  if (response.outcome !== 'ok' || response.status >= 300 || accepts === undefined) return;
  const reason = accepts(response);
  if (reason === undefined) return;
  response.outcome = 'invalid_body';
  response.error = { code: 'body', message: reason };
}

/** As the native engine judges a status by those that are expected. */
function judgeStatus(response: K6Response, expect: readonly number[]): void {
  if (expect.includes(response.status)) {
    response.outcome = 'ok';
    response.error = undefined;
    return;
  }
  if (response.outcome === 'ok') response.outcome = 'invalid_body';
  response.error = {
    code: `http_${response.status}`,
    message: `HTTP ${response.status}; expected ${expect.join(' or ')}`,
  };
}

function encode(
  spec: RequestSpec,
  common: Readonly<Record<string, string>>,
): { readonly body: string | ArrayBuffer | null; readonly headers: Record<string, string> } {
  const headers = { ...common, ...spec.headers };
  if (spec.json !== undefined) {
    return {
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(spec.json),
    };
  }
  if (spec.form !== undefined) {
    return {
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: encodePairs(spec.form, 'form'),
    };
  }
  if (spec.multipart !== undefined) {
    const boundary = `jarvis-load-${Math.random().toString(16).slice(2)}${Math.random().toString(16).slice(2)}`;
    return {
      headers: { ...headers, 'content-type': `multipart/form-data; boundary=${boundary}` },
      body: bufferOf(encodeMultipart(spec.multipart, boundary)),
    };
  }
  const { body = null } = spec;
  if (body === null || typeof body === 'string') return { headers, body };
  if (body instanceof Uint8Array) return { headers, body: bufferOf(body) };
  throw new TypeError(
    `a request of "${spec.operation}" has a body that k6 cannot send; expected text or bytes.`,
  );
}

/** What only the native engine does. */
const NATIVE_ONLY = ['redirects', 'base'] as const;

/** The path as it is sent. @throws TypeError for a request that the native engine would not send either */
function sentPath(spec: RequestSpec, operation: Operation): string {
  try {
    checkSpecNames(spec);
    checkRareParts(spec);
    checkHeadersObject(spec.headers);
    for (const part of NATIVE_ONLY) {
      const given = spec[part] ?? (part === 'base' ? operation.base : undefined);
      if (given !== undefined && given !== false) {
        throw new RequestProblem(`has ${part}, which k6 cannot do; run it with jarvis-load load`);
      }
    }
    return wirePath(pathOf(spec, operation.route));
  } catch (error) {
    if (!(error instanceof RequestProblem)) throw error;
    throw new TypeError(`a request of "${spec.operation}" ${error.message}.`, { cause: error });
  }
}

type Checks = Readonly<Record<string, (response: LoadResponse) => boolean>>;

/** The checks, with an error for an async one: k6 counts a promise as passed. */
function synchronous(checks: Checks): Checks {
  const entries = Object.entries(checks).map(([name, holds]) => {
    const judged = (response: LoadResponse): boolean => {
      const pass: unknown = holds(response);
      if (!isPromise(pass)) return Boolean(pass);
      throw new TypeError(
        `check "${name}" is asynchronous; expected true or false at once: await what it needs before.`,
      );
    };
    return [name, judged] as const;
  });
  return Object.fromEntries(entries);
}

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return copy.buffer;
}

/** Not k6's `sleep`, which would also block the user's other requests. */
function wait(durationMs: number): Promise<void> {
  if (durationMs <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs);
  });
}
