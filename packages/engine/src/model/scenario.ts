import type { ExecutorOptions } from './executor-options.ts';
import type { Outcome } from '../outcome.ts';

/** HTTP methods an operation may use. */
export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

/** String key-value pairs that label a metric sample or a run. */
export type Tags = Readonly<Record<string, string>>;

/**
 * One endpoint call as the user thinks of it, such as `chat.send`: the row of every table, k6's `name` tag and
 * Locust's Name.
 */
export interface Operation {
  /** Unique in the scenario, such as `chat.send`. */
  readonly name: string;
  /** GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS. */
  readonly method: HttpMethod;
  /** Route pattern for display and objectives, such as `/api/chat/conversation/{id}`. */
  readonly route: string;
  /**
   * Body predicate: looks at the content of an answer whose status is 2xx. Returns nothing when the body is what
   * the operation promises, else the reason, and the outcome becomes `invalid_body`; so it does when this throws.
   */
  accepts?(response: LoadResponse): string | undefined;
  /** At most so many requests per second over all users, spaced evenly (logins of a rate-limited target). @default no limit */
  readonly maxPerSecond?: number;
}

/** A request to send; `operation` names an {@link Operation} of the scenario. */
export interface RequestSpec {
  /** Name of a declared operation. */
  readonly operation: string;
  /** Path and query, such as `/api/memory/search?q=test&limit=5`. */
  readonly path: string;
  /** Take the place of the run's headers of the same name. @default {} */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, with its content type. Exclusive with `body`. */
  readonly json?: unknown;
  /** Sent as it is, without a content type. */
  readonly body?: string | Uint8Array;
  /** Overrides the run's request timeout, in milliseconds. @default timeouts.requestMs */
  readonly timeoutMs?: number;
}

/** Durations of one request in milliseconds, k6's phases beside the engine's own lags. */
export interface Timings {
  /** End minus intended start: the headline. */
  readonly responseTimeMs: number;
  /** End minus first byte sent. */
  readonly serviceTimeMs: number;
  /** First byte sent minus the moment the request was handed out: waiting for a connection, and connecting. */
  readonly queueWaitMs: number;
  /** DNS and TCP, where the request opened a connection; else 0. */
  readonly connectMs: number;
  /** The TLS handshake, likewise. */
  readonly tlsMs: number;
  /** First to last byte of the request. */
  readonly sendingMs: number;
  /** First byte of the answer minus request sent. */
  readonly waitingMs: number;
  /** First to last byte of the answer. */
  readonly receivingMs: number;
}

/** Why a request got no usable answer. */
export interface LoadError {
  /** Stable class, such as `ECONNREFUSED`, `request_timeout`, `http_503`, `body`. */
  readonly code: string;
  readonly message: string;
}

/** The answer to one request. Never thrown: a failure is a response with another outcome than `ok`. */
export interface LoadResponse {
  /** Name of the operation. */
  readonly operation: string;
  /** HTTP status, 0 when there was no answer. */
  readonly status: number;
  /** What became of the request. */
  readonly outcome: Outcome;
  /** Why the outcome is not `ok`. */
  readonly error: LoadError | undefined;
  /** Header names in lower case; repeated headers joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** Durations, in milliseconds. */
  readonly timings: Timings;
  /** The parsed body, cached; `undefined` when it is not JSON. */
  json(): unknown;
  /** The body as UTF-8. */
  text(): string;
  /** The body as received. */
  bytes(): Uint8Array;
}

/** What scenario code speaks to. The same interface runs on the native engine and inside k6. */
export interface VirtualUser {
  /** 1-based, unique in the run. */
  readonly id: number;
  /** 0-based, per virtual user. */
  readonly iteration: number;
  /** Sends the request and waits for its outcome; rejects only when the run interrupts the iteration. */
  request(spec: RequestSpec): Promise<LoadResponse>;
  /** Evaluates named yes/no questions on one response and counts them; true when all hold. */
  check(
    subject: LoadResponse,
    checks: Readonly<Record<string, (response: LoadResponse) => boolean>>,
  ): boolean;
  /** Waits, in seconds; a range is drawn from the user's random stream. Never scaled by `--time-scale`. */
  think(seconds: number | { readonly min: number; readonly max: number }): Promise<void>;
  /** Adds a value to a metric that the scenario declares. */
  record(metric: string, value: number, tags?: Tags): void;
  /** The user's own seeded random stream: [0, 1). */
  random(): number;
}

export type MetricKind = 'counter' | 'gauge' | 'rate' | 'trend';

/** A custom metric, declared so that a misspelt name is an error and not a silent new metric. */
export interface MetricDeclaration {
  /** None of the built-in names. */
  readonly name: string;
  /** A sum, a last value, a share of non-zero values, or a distribution. */
  readonly kind: MetricKind;
  /** `ms` and `s` are shown as durations, `bytes` as data. @default none */
  readonly unit?: 'ms' | 's' | 'bytes' | 'count';
}

/** What `run` and the tasks receive beside the user. */
export interface ScenarioContext<Shared, State> {
  /** What `setup` returned, the same object for all users (a copy per thread). */
  readonly shared: Shared;
  /** What `onStart` returned for this user. */
  readonly state: State;
}

/** One of several things a user does, chosen at random by weight. */
export interface Task<Shared = unknown, State = unknown> {
  /** For error messages. */
  readonly name: string;
  /** Positive; relative to the other tasks. */
  readonly weight: number;
  /** One iteration. */
  run(user: VirtualUser, context: ScenarioContext<Shared, State>): Promise<void>;
}

/** Locust's `wait_time`: how long a user waits between two iterations, in seconds. */
export type WaitTime =
  | { readonly kind: 'between'; readonly min: number; readonly max: number }
  | { readonly kind: 'constant'; readonly seconds: number }
  /** An iteration starts at most every so many seconds, however long it took. */
  | { readonly kind: 'constant-pacing'; readonly seconds: number }
  /** At most so many iterations per second and user. */
  | { readonly kind: 'constant-throughput'; readonly perSecond: number };

/** Thresholds by metric, in k6's grammar: `{ 'http_req_duration{operation:chat.send}': ['p(95)<500'] }`. */
export type Thresholds = Readonly<Record<string, readonly (string | ThresholdOptions)[]>>;

/** A threshold that can end the run. */
export interface ThresholdOptions {
  /** The expression, such as `p(95)<500`. */
  readonly threshold: string;
  /** Ends the run when it fails. @default false */
  readonly abortOnFail?: boolean;
  /** Duration before an abort is considered, such as `10s`. @default 0 */
  readonly delayAbortEval?: string | number;
}

/**
 * What one user asks for: an iteration takes at least so long by its think times alone, and makes so many requests
 * of each operation on average. Says before a run whether a limit fits, and which throughput is out of reach.
 */
export interface Demand {
  /** Mean think and wait time of an iteration, in seconds. */
  readonly iterationSeconds: number;
  /** Requests per iteration by operation name, on average. */
  readonly requests: Readonly<Record<string, number>>;
  /** Requests that a user makes in `onStart`, by operation name. @default {} */
  readonly startRequests?: Readonly<Record<string, number>>;
}

/**
 * Who does what: a journey (`run`, steps in order) or weighted `tasks`, with the executor that says how much, and
 * thresholds. Engine-neutral: it may only speak to {@link VirtualUser}.
 */
export interface ScenarioDefinition<Shared = unknown, State = unknown> {
  /** Unique in the run. */
  readonly name: string;
  /** A sentence for the reports. */
  readonly description?: string;
  /** Every operation the scenario may request. */
  readonly operations: readonly Operation[];
  /** Custom metrics that `record` may add to. @default [] */
  readonly metrics?: readonly MetricDeclaration[];
  /** Once, before the clock starts; its requests belong to phase `setup`. Throw to refuse the run. */
  setup?(user: VirtualUser): Promise<Shared>;
  /** Once per user, before its first iteration. */
  onStart?(user: VirtualUser, shared: Shared): Promise<State>;
  /** One iteration of a journey. Exclusive with `tasks`. */
  run?(user: VirtualUser, context: ScenarioContext<Shared, State>): Promise<void>;
  /** Each iteration runs one task, chosen by weight. Exclusive with `run`. */
  readonly tasks?: readonly Task<Shared, State>[];
  /** Wait between iterations of a closed executor: Locust's `wait_time`. @default none */
  readonly wait?: WaitTime;
  /** Once per user, after its last iteration; not of one that was cut off. */
  onStop?(user: VirtualUser, context: ScenarioContext<Shared, State>): Promise<void>;
  /** Once, after the last iteration; its requests belong to phase `teardown`. */
  teardown?(user: VirtualUser, shared: Shared): Promise<void>;
  /** How many iterations when; a run needs it. */
  readonly executor?: ExecutorOptions;
  /** Judged over this scenario's samples alone. @default {} */
  readonly thresholds?: Thresholds;
  /** What an iteration asks for, to tell what the profile can reach. @default unknown */
  readonly demand?: Demand;
  /** Labels in the document. @default {} */
  readonly tags?: Tags;
}
