import type { Arrival } from './arrival.ts';
import type { ExecutorOptions } from './executor-options.ts';
import type { AnswerSchema } from './answer-schema.ts';
import type { Channel } from './channel.ts';
import type { Feeder } from './feeder.ts';
import type { RequestOptions } from './request-spec.ts';
import type { TlsOptions } from './tls-options.ts';
import type { ResponseStream, StreamOperation } from './stream.ts';
import type { Tags } from './tags.ts';
import type { LoadResponse } from './load-response.ts';

/*
 * What a scenario is made of, and `VirtualUser`, which scenario code is called with: the same in this engine
 * (`user/native-user.ts`) and in k6 (`k6-scenarios/src/k6/k6-user.ts`), so scenario code uses nothing else of either. A failed
 * request is a response with an outcome, not an exception. A new option of a definition gets a rule in
 * `input/scenario-rules.ts` (a type error says so).
 */

/** HTTP methods an operation may use. */
export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

export type { Tags } from './tags.ts';

/**
 * One endpoint call from the user's point of view, such as `chat.send`: a row of every table, k6's `name` tag and
 * Locust's Name.
 */
export interface Operation extends StreamOperation {
  /** Unique in the scenario, such as `chat.send`. */
  readonly name: string;
  /** GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS. */
  readonly method: HttpMethod;
  /** Route pattern for display and objectives, such as `/api/chat/conversation/{id}`. */
  readonly route: string;
  /**
   * Checks the body of a response with a 2xx status. Returns `undefined` for a valid body, otherwise the reason, and
   * the outcome becomes `invalid_body`, also when it throws. Null counts as `undefined`; anything else that is no text, such as
   * a promise or `false`, is an error of scenario code, too: the request rejects.
   */
  accepts?(response: LoadResponse): string | undefined;
  /** The error that a response with a 2xx status reports in its body; the outcome is `failed_in_band`. Other values than text: as of `accepts`. @default none */
  inBandError?(response: LoadResponse): string | undefined;
  /** Schema of the answer, for statuses below 300; a body that does not fit is `invalid_body`. @default any body */
  readonly answer?: AnswerSchema;
  /** Statuses that are `ok`; any other is a failure. @default 200 to 399 */
  readonly expect?: readonly number[];
  /** Name of one of the scenario's `bases` to send its requests to. @default the target */
  readonly base?: string;
  /** Labels that thresholds select by, such as `http_req_duration{page:cart}`. @default {} */
  readonly tags?: Tags;
  /** Maximum requests per second over all users, spaced evenly (logins of a rate-limited target). @default no limit */
  readonly maxPerSecond?: number;
}

/** A request to send; `operation` names an {@link Operation} of the scenario. */
export interface RequestSpec extends RequestOptions {
  /** Name of a declared operation. */
  readonly operation: string;
  /** Path and query, such as `/api/memory/search?q=test&limit=5`. @default the route, with its params */
  readonly path?: string;
}

/** Questions by name about a value. A promise has none: await it first. */
export type ChecksOf<Subject> = Readonly<Record<string, (subject: Subject) => boolean>> &
  (Subject extends PromiseLike<unknown> ? never : unknown);

/** The interface of scenario code, the same on the native engine and inside k6. */
export interface VirtualUser {
  /** 1-based, unique in the run. */
  readonly id: number;
  /** 0-based, per virtual user. */
  readonly iteration: number;
  /**
   * 0-based number of the iteration in the run, over all users, threads and parts, in the order in which iterations ask for it;
   * 0 outside iterations.
   */
  readonly iterationInRun: number;
  /** The row of the file that started the iteration (executor `replayed-arrivals`), with the sizes that it asks for; else `undefined`. */
  readonly arrival: Arrival | undefined;
  /**
   * Sends the request and waits for its response, failed or not; rejects when the run interrupts the iteration, for a wrong spec,
   * and when a function of the operation judges the response with what is no text.
   */
  request(spec: RequestSpec): Promise<LoadResponse>;
  /**
   * Requests the declared operation with this method and route, such as `user.get('/orders/{id}', { params: { id } })`;
   * a path such as `/orders/7` finds the operation by its route too.
   */
  get(route: string, options?: RequestOptions): Promise<LoadResponse>;
  /** See `get`. */
  head(route: string, options?: RequestOptions): Promise<LoadResponse>;
  /** See `get`. */
  post(route: string, options?: RequestOptions): Promise<LoadResponse>;
  /** See `get`. */
  put(route: string, options?: RequestOptions): Promise<LoadResponse>;
  /** See `get`. */
  patch(route: string, options?: RequestOptions): Promise<LoadResponse>;
  /** See `get`. */
  delete(route: string, options?: RequestOptions): Promise<LoadResponse>;
  /**
   * Sends requests at once and waits for all responses, in the same order. A user with connections of its own opens up
   * to `connections` of them, as a browser does; the rest waits. @param requests specs, or names of operations
   */
  batch(
    requests: readonly (RequestSpec | string)[],
    options?: { readonly connections?: number },
  ): Promise<LoadResponse[]>;
  /**
   * Runs `work`; its requests have the tag `group`: `::checkout`, or `::checkout::payment` within another group, as in k6.
   * How long `work` took is a sample of the metric `group_duration`. One after another: await each. @param name without `::`
   */
  group<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
  /** The next row of a feeder that the scenario declares. When there is none, `atEnd` of the feeder says what follows. */
  feed<Row>(feeder: Feeder<Row>): Row;
  /**
   * Ends the run, from any thread, and the iteration that calls it, at once; other iterations under way finish within their
   * graceful stop. In `setup` the run does not begin.
   */
  stop(reason: string): never;
  /**
   * Sends the request of an operation with `stream` and hands out the parts of its response as they arrive:
   * `for await (const part of user.stream(spec))`. Leaving the loop hangs up (outcome `hung_up`). Parts are measured when
   * they arrive, however late the loop takes them. Never throws for a failed response: read `response` for the outcome.
   */
  stream(spec: RequestSpec): ResponseStream;
  /**
   * Opens a WebSocket for a conversation, for an operation with `stream: 'websocket'`. The opening is part of the first turn, or
   * a failed request of its own. A channel opened in an iteration is closed at its end, one of `onStart` when the user leaves.
   * Never throws for a failed handshake: `open` of the channel is false then.
   */
  open(spec: RequestSpec): Promise<Channel>;
  /**
   * Evaluates named yes/no questions on a response, or on any other value but a promise, and counts the results; returns true
   * when all are true.
   */
  check<Subject>(subject: Subject, checks: ChecksOf<Subject>): boolean;
  /** Waits, in seconds; a range is drawn from the user's random stream. Not scaled by `--time-scale`. */
  think(seconds: number | { readonly min: number; readonly max: number }): Promise<void>;
  /** Adds a value to a metric that the scenario declares. */
  record(metric: string, value: number, tags?: Tags): void;
  /** The user's own seeded random stream: [0, 1). */
  random(): number;
}

export type MetricKind = 'counter' | 'gauge' | 'rate' | 'trend';

/** A custom metric. Declared, so that a misspelt name is an error instead of a new metric. */
export interface MetricDeclaration {
  /** Different from all built-in names. */
  readonly name: string;
  /** `counter`: a sum; `gauge`: the last value; `rate`: the share of non-zero values; `trend`: a distribution. */
  readonly kind: MetricKind;
  /** `ms` and `s` are shown as durations, `bytes` as data. @default none */
  readonly unit?: 'ms' | 's' | 'bytes' | 'count';
}

/** Arguments of `run` and of the tasks, in addition to the user. */
export interface ScenarioContext<Shared, State> {
  /** Return value of `setup`, the same object for all users (a copy per thread). */
  readonly shared: Shared;
  /** Return value of `onStart` for this user. */
  readonly state: State;
}

/** One of several alternatives for an iteration, chosen at random by weight. */
export interface Task<Shared = unknown, State = unknown> {
  /** For error messages. */
  readonly name: string;
  /** Positive; relative to the weights of the other tasks. */
  readonly weight: number;
  /** One iteration. */
  run(user: VirtualUser, context: ScenarioContext<Shared, State>): Promise<void>;
}

/** Locust's `wait_time`: how long a user waits between two iterations, in seconds. */
export type WaitTime =
  | { readonly kind: 'between'; readonly min: number; readonly max: number }
  | { readonly kind: 'constant'; readonly seconds: number }
  /** At least this many seconds between the starts of two iterations. */
  | { readonly kind: 'constant-pacing'; readonly seconds: number }
  /** At most this many iterations per second and user. */
  | { readonly kind: 'constant-throughput'; readonly perSecond: number };

/** Thresholds by metric, in k6's grammar: `{ 'http_req_duration{operation:chat.send}': ['p(95)<500'] }`. */
export type Thresholds = Readonly<Record<string, readonly (string | ThresholdOptions)[]>>;

/** A threshold with options, such as to end the run. */
export interface ThresholdOptions {
  /** The expression, such as `p(95)<500`. */
  readonly threshold: string;
  /** Ends the run when it fails. @default false */
  readonly abortOnFail?: boolean;
  /** Time from the start before which it does not end the run, such as `10s`. @default 0 */
  readonly delayAbortEval?: string | number;
  /** Left out of the result where its metric has no sample, in place of making the run not valid. @default false */
  readonly optional?: boolean;
}

/**
 * Demand of one user: minimum duration of an iteration, which is its think time, and mean number of requests by
 * operation. Used before a run to check limits, and to tell which throughput cannot be reached.
 */
export interface Demand {
  /** Mean think and wait time of an iteration, in seconds. */
  readonly iterationSeconds: number;
  /** Mean number of requests per iteration, by operation name. */
  readonly requests: Readonly<Record<string, number>>;
  /** Number of requests of a user in `onStart`, by operation name. @default {} */
  readonly startRequests?: Readonly<Record<string, number>>;
}

/** A base address with options of its own. */
export interface BaseOptions {
  /** Origin, with an optional path prefix. */
  readonly url: string;
  /** PEM texts, as of the run; those of the run but its client certificate apply too. @default those of the run */
  readonly tls?: TlsOptions;
}

/**
 * What users do: a journey (`run`, steps in order) or weighted `tasks`, with the executor that sets the load, and
 * thresholds.
 */
export interface ScenarioDefinition<Shared = unknown, State = unknown> {
  /** Unique in the run. */
  readonly name: string;
  /** One sentence for reports. */
  readonly description?: string;
  /** Every operation the scenario may request. */
  readonly operations: readonly Operation[];
  /**
   * Further base addresses by name, such as `{ auth: 'https://auth.example.org' }`, or `{ auth: { url, tls: { cert, key } } }`
   * with options of TLS; `allow` must permit each. @default {}
   */
  readonly bases?: Readonly<Record<string, string | BaseOptions>>;
  /** Names of the tags that single requests may have. Declared, so that a misspelt one is an error. @default [] */
  readonly requestTags?: readonly string[];
  /** Feeders that its code takes rows from, so that all threads share their positions. @default [] */
  readonly feeders?: readonly Feeder[];
  /** Custom metrics that `record` may add to. @default [] */
  readonly metrics?: readonly MetricDeclaration[];
  /** Called once, by each part of a run in parts, before the load begins; its requests belong to phase `setup`. Throw to refuse the run. */
  setup?(user: VirtualUser): Promise<Shared>;
  /** Called once per user, before its first iteration; again before the next one if it failed. */
  onStart?(user: VirtualUser, shared: Shared): Promise<State>;
  /** One iteration of a journey. Exclusive with `tasks`. */
  run?(user: VirtualUser, context: ScenarioContext<Shared, State>): Promise<void>;
  /** Each iteration runs one task, chosen by weight. Exclusive with `run`. */
  readonly tasks?: readonly Task<Shared, State>[];
  /** Wait between iterations of a closed-model executor: Locust's `wait_time`. @default none */
  readonly wait?: WaitTime;
  /** Called once per user, after its last iteration; not for users whose iteration was interrupted. */
  onStop?(user: VirtualUser, context: ScenarioContext<Shared, State>): Promise<void>;
  /**
   * Called once, after the last iteration; its requests belong to phase `teardown`. Its feeders give it the rows that `setup`
   * took, in the same order.
   */
  teardown?(user: VirtualUser, shared: Shared): Promise<void>;
  /** The load of this scenario; required in a run. */
  readonly executor?: ExecutorOptions;
  /** Thresholds on the samples of this scenario only. @default {} */
  readonly thresholds?: Thresholds;
  /** Think time and requests of an iteration, used to tell which throughput the profile can reach. @default unknown */
  readonly demand?: Demand;
  /** Labels in the document. @default {} */
  readonly tags?: Tags;
}
