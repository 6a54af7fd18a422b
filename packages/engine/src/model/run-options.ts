import type { WireRequest } from './flight.ts';
import type { Clock } from './clock.ts';
import type { ResolveHost, AllowedHost } from './allowed-host.ts';
import type { Transport } from './flight.ts';
import type { RequestSpec, ScenarioDefinition, Tags, Thresholds } from './scenario.ts';
import type { LoadResponse } from './load-response.ts';
import type { TlsOptions } from './tls-options.ts';
import type { WatchedProcess } from './watched-process.ts';
import type { RunEvent } from './events.ts';
import type { ScenarioModule } from './scenario-module.ts';
import type { Objective } from './objective.ts';
import type { Output } from './output.ts';
import type { ResultNote } from '../document/schema.ts';

/*
 * Options of `runLoad`, with their defaults; their texts are the reference. A new option gets a rule in `input/run-rules.ts`
 * (a type error says so) and its default in `definition/resolve-options.ts`. Functions and objects with methods stay in the
 * thread of the coordinator: what a thread needs of them goes into `WorkerData` as plain data, or works with one thread only.
 */

/** Time limits of one request and of the setup, in milliseconds. */
export interface TimeoutOptions {
  /** DNS, TCP and TLS of a new connection. @default 10_000 */
  readonly connectMs?: number;
  /** From the last byte of the request to the end of the response headers. @default none */
  readonly headersMs?: number;
  /** Between two parts of the response body. @default none */
  readonly bodyMs?: number;
  /** The whole request, from when it is handed out to the last byte of the response. @default 60_000 */
  readonly requestMs?: number;
  /**
   * Each `setup` and each user's `onStart`, without its waits for operations with a `maxPerSecond`; beyond it the run
   * is not valid. Scenario code that computes for this long without an `await` in a worker thread ends the run, too.
   * @default 60_000
   */
  readonly setupMs?: number;
  /** `start` and `stop` of each output. @default 10_000 */
  readonly outputMs?: number;
}

/** Stops a run whose target is down or keeps failing. */
export interface CircuitBreakerOptions {
  /**
   * Share of failed requests, 0 to 1, status 429 not counted, above which the run ends; 1: when every request fails.
   * @default 0.9
   */
  readonly failureShare?: number;
  /** Length of the time window in which requests are counted, in milliseconds. @default 10_000 */
  readonly forMs?: number;
  /** Minimum number of requests in the time window. @default 20 */
  readonly minRequests?: number;
}

/** A part of a run that several processes make together. */
export type PartOfRun = NonNullable<RunOptions['part']>;

/** Options of `runLoad`. */
export interface RunOptions {
  /** Origin, with an optional path prefix, such as `http://127.0.0.1:8100`; no query, fragment or credentials. */
  readonly baseUrl: string;
  /** Scenarios, for one thread, or a reference to the module that exports them; each needs an executor. */
  readonly scenarios: readonly ScenarioDefinition[] | ScenarioModule;
  /** Number of generator threads; more than one needs a scenario module. @default 1 */
  readonly threads?: number;
  /**
   * This process makes one part of a run that several processes make together: part `index`, from 0, of `of`. It takes
   * every `of`-th arrival and user, beginning with `index`, so that all parts together are the run with the same seed.
   * @default the whole run
   */
  readonly part?: { readonly index: number; readonly of: number };
  /**
   * When the clock of the run starts, milliseconds since the epoch; after preparation, and at once if it has passed by
   * then, which becomes a note.
   * @default as soon as the run is prepared
   */
  readonly startAtMs?: number;
  /** Thresholds over the whole run. @default {} */
  readonly thresholds?: Thresholds;
  /** Limits per operation, judged at the end. @default [] */
  readonly objectives?: readonly Objective[];
  /** Seed of all schedules and random streams; the same seed repeats them. @default random, and reported */
  readonly seed?: number;
  /**
   * Id of the run in the document and in the header `x-load-run-id` of every request.
   * @default a new id, sortable by time
   */
  readonly runId?: string;
  /** Labels of the run in the document. @default {} */
  readonly tags?: Tags;
  /** Sent with every request to the target; other `bases` of a scenario do not get them. @default {} */
  readonly headers?: Readonly<Record<string, string>>;
  /** The header `user-agent`. @default 'jarvis-load/<version>' */
  readonly userAgent?: string;
  /**
   * Connect to this address, or to these in turn, instead of resolving the host; `Host` and TLS use the name of the
   * host.
   * @default the host is resolved
   */
  readonly address?: string | readonly string[];
  /**
   * Hosts other than loopback that may be loaded, with limits. Every address of a host is checked; link-local and
   * metadata addresses are always refused. Not used with a `transport`.
   * @default [], loopback only
   */
  readonly allow?: readonly AllowedHost[];
  /** Resolves host names; one thread only. @default the system's resolver */
  readonly resolve?: ResolveHost;
  /** Verification of the server's certificate, and that of this client, which only the target gets. @default by the system's authorities */
  readonly tls?: TlsOptions;
  /** Offers HTTP/2 to a TLS server; each connection carries one request at a time, as with HTTP/1.1. @default false */
  readonly http2?: boolean;
  /**
   * Each user stores cookies from responses in a jar of its own and sends them back; otherwise cookies are ignored.
   * @default false
   */
  readonly cookies?: boolean;
  /**
   * `per-user`: each user has its own connection; `shared`: a request takes the most recently used free one.
   * @default per-user for closed executors, else shared
   */
  readonly connections?: 'per-user' | 'shared';
  /**
   * Maximum number of shared connections to each address, divided evenly among the threads, at least one each. A request without
   * a free connection waits, which counts as queue wait. WebSockets belong to their users, and are not counted.
   * @default no limit
   */
  readonly maxConnections?: number;
  /**
   * `efficient`: timers only; `precise`: timers, and busy-waiting for the last part of each wait.
   * @default 'efficient'
   */
  readonly pacing?: 'efficient' | 'precise';
  /** Time limits of one request. @default {} */
  readonly timeouts?: TimeoutOptions;
  /**
   * Maximum size of a response body, in bytes; a larger one is a `connection_error` with code `body_too_large`.
   * @default 64 MiB
   */
  readonly maxBodyBytes?: number;
  /** Maximum size of the headers of a response, in bytes; larger ones are a `connection_error`. @default 16 KiB */
  readonly maxHeaderBytes?: number;
  /** Before the load, runs the request path against a loopback server inside the process. @default true */
  readonly warmUp?: boolean;
  /**
   * Maximum share of a scenario's planned iterations that may be dropped, 0 to 1; above it the run is not valid.
   * @default 0.01
   */
  readonly maxDroppedShare?: number;
  /**
   * A run that was limited by the generator, or has an objective or threshold without enough samples, is not valid
   * instead of valid with a warning.
   * @default false
   */
  readonly strict?: boolean;
  /**
   * Share of the requests, 0 to 1, that carry a W3C `traceparent` with the flag `sampled`, so that a tracing system has
   * them; examples of errors and the slowest requests in the document name their trace. Other requests carry none.
   * @default 0
   */
  readonly trace?: number;
  /**
   * Processes whose waiting for a processor counts as a limit of this machine, as the generator's own does, such as a
   * mock on the same machine. Linux only.
   * @default none
   */
  readonly watchProcesses?: readonly WatchedProcess[];
  /** Ends a run whose target is down or keeps failing; `false` disables it. @default {} */
  readonly circuitBreaker?: CircuitBreakerOptions | false;
  /**
   * Aborting it ends the run: running iterations have 3 s to finish, then the promise resolves with the result.
   * @default none
   */
  readonly signal?: AbortSignal;
  /** Called with every event, in order. An error that it throws is reported in the result. @default none */
  readonly onEvent?: (event: RunEvent) => void;
  /** Listen to the run, such as exporters and journals; each gets what it reads of each second, as exact deltas and totals. @default [] */
  readonly outputs?: readonly Output[];
  /** Called with every request and its response; for `--once`. Costs time; one thread only. @default none */
  readonly onExchange?: (exchange: Exchange) => void;
  /**
   * Source of time, for tests: with a `VirtualClock` and a `transport` on it, a run does not wait in real time.
   * @default the machine's
   */
  readonly clock?: Clock;
  /** Sends the requests, for tests, such as a `ScriptedTarget`; there is no warm-up then. @default HTTP */
  readonly transport?: Transport;
  /** Name of the target, configuration and notes, copied into the document. @default {} */
  readonly describe?: {
    readonly target?: {
      readonly name: string;
      readonly dialect?: string;
      readonly detail?: string;
      readonly clockAheadMs?: { readonly least: number; readonly most: number };
    };
    readonly config?: Readonly<Record<string, unknown>>;
    readonly notes?: readonly ResultNote[];
  };
}

/** A request and its response, as sent and received. */
export interface Exchange {
  readonly scenario: string;
  readonly phase: string;
  readonly user: number;
  readonly spec: RequestSpec;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body as sent; files in it are read only while they are sent. */
  readonly body: WireRequest['body'];
  readonly response: LoadResponse;
}
