import type { Clock } from './clock.ts';
import type { ResolveHost, AllowedHost } from './allowed-host.ts';
import type { Transport } from './flight.ts';
import type { LoadResponse, RequestSpec, ScenarioDefinition, Tags, Thresholds } from './scenario.ts';
import type { WatchedProcess } from './watched-process.ts';
import type { RunEvent } from './events.ts';
import type { ScenarioModule } from './scenario-module.ts';
import type { Objective } from './objective.ts';
import type { ResultNote } from '../document/schema.ts';

/** Time limits of one request, and of what comes before the load, in milliseconds. */
export interface TimeoutOptions {
  /** DNS, TCP and TLS of a new connection. @default 10_000 */
  readonly connectMs?: number;
  /** From the last byte of the request to the end of the answer's headers. @default none */
  readonly headersMs?: number;
  /** Between two parts of the body. @default none */
  readonly bodyMs?: number;
  /** The whole request, from handing it out to its last byte. @default 60_000 */
  readonly requestMs?: number;
  /** Each `setup`, and each user's `onStart`, without its waits for operations with a `maxPerSecond`; beyond it the run is not valid. @default 60_000 */
  readonly setupMs?: number;
}

/** Stops a run whose target is down or keeps failing. */
export interface CircuitBreakerOptions {
  /** Share of failed requests, 0 to 1, 429 not counted, beyond which the run ends; 1: when every request fails. @default 0.9 */
  readonly failureShare?: number;
  /** Judged over so long, in milliseconds. @default 10_000 */
  readonly forMs?: number;
  /** Requests below which nothing is judged in that time. @default 20 */
  readonly minRequests?: number;
}

/** How the server's certificate is judged. */
export interface TlsOptions {
  /** PEM certificates to trust instead of the system's. @default the system's */
  readonly ca?: string;
  /** Whether a certificate that nobody vouches for is a failure. @default true */
  readonly rejectUnauthorized?: boolean;
}

/** What `runLoad` takes. */
export interface RunOptions {
  /** Origin, with an optional path prefix, such as `http://127.0.0.1:8100`; no query, fragment or credentials. */
  readonly baseUrl: string;
  /** Scenarios inline, for one thread, or the module that has them; each needs an executor. */
  readonly scenarios: readonly ScenarioDefinition[] | ScenarioModule;
  /** Threads that make the load; more than one needs a scenario module. @default 1 */
  readonly threads?: number;
  /** Thresholds over the whole run. @default {} */
  readonly thresholds?: Thresholds;
  /** Promises per operation, judged at the end. @default [] */
  readonly objectives?: readonly Objective[];
  /** Same seed, same schedule, same random streams. @default drawn, and reported */
  readonly seed?: number;
  /** Goes into the document and into the header `x-load-run-id` of every request. @default a new id, sortable by time */
  readonly runId?: string;
  /** Labels of the run, for its document. @default {} */
  readonly tags?: Tags;
  /** Sent with every request. @default {} */
  readonly headers?: Readonly<Record<string, string>>;
  /** The header `user-agent`. @default 'jarvis-load/<version>' */
  readonly userAgent?: string;
  /** Connect to this address, or to these in turn, instead of resolving the host; its name stays in `Host` and TLS. @default the host is resolved */
  readonly address?: string | readonly string[];
  /**
   * Hosts beside loopback that may be loaded, and how much; every address that a host resolves to is checked, and
   * link-local and metadata addresses are refused whatever stands here. Not heeded with a `transport`. @default [], loopback only
   */
  readonly allow?: readonly AllowedHost[];
  /** Resolves host names; one thread only. @default the system's resolver */
  readonly resolve?: ResolveHost;
  /** How the server's certificate is judged. @default by the system's authorities */
  readonly tls?: TlsOptions;
  /** Offers HTTP/2 to a TLS server; one request at a time on each connection, as with HTTP/1.1. @default false */
  readonly http2?: boolean;
  /** Each user keeps the cookies that answers set, apart from all others, and sends them back; else nobody does. @default false */
  readonly cookies?: boolean;
  /** A user has its own connection, or takes the last used free one. @default per-user for closed executors, else shared */
  readonly connections?: 'per-user' | 'shared';
  /** Most shared connections, over all threads, which share them evenly; at least one a thread. A request that finds none free waits, and the wait is queue wait. @default no limit */
  readonly maxConnections?: number;
  /** Timers, or timers and spinning for the last part of each wait. @default 'efficient' */
  readonly pacing?: 'efficient' | 'precise';
  /** Time limits of one request. @default {} */
  readonly timeouts?: TimeoutOptions;
  /** Largest answer that is read, in bytes; a larger one is a `connection_error` with code `body_too_large`. @default 64 MiB */
  readonly maxBodyBytes?: number;
  /** Runs the request path against a loopback echo inside the process before the clock starts. @default true */
  readonly warmUp?: boolean;
  /** Largest share of a scenario's planned iterations that may be dropped, 0 to 1; beyond it the run is not valid. @default 0.01 */
  readonly maxDroppedShare?: number;
  /** A run in which the generator was the limit, or a promise is unproven, is not valid instead of valid with a warning. @default false */
  readonly strict?: boolean;
  /**
   * Processes of this machine whose waiting for a processor counts as the machine's doing, as the generator's own does:
   * such as a mock that answers from the same machine. Linux only. @default none
   */
  readonly watchProcesses?: readonly WatchedProcess[];
  /** Ends a run whose target is down or keeps failing; `false` turns it off. @default {} */
  readonly circuitBreaker?: CircuitBreakerOptions | false;
  /** Aborting it ends the run: running iterations get 3 s, then there is the result. @default none */
  readonly signal?: AbortSignal;
  /** Called with every event, in order. A thrown error is reported in the result, never lost. @default none */
  readonly onEvent?: (event: RunEvent) => void;
  /** Sees every request and its answer; for `--once`. Costs time; one thread only. @default none */
  readonly onExchange?: (exchange: Exchange) => void;
  /** Time itself, for tests: with a `VirtualClock` and a `transport` on it no run takes longer than its events. @default the machine's */
  readonly clock?: Clock;
  /** Carries the requests in place of sockets, for tests, such as a `ScriptedTarget`; without a warm-up. @default HTTP */
  readonly transport?: Transport;
  /** Name of the target, configuration and notes that go into the document as they are. @default {} */
  readonly describe?: {
    readonly target?: { readonly name: string; readonly dialect?: string; readonly detail?: string };
    readonly config?: Readonly<Record<string, unknown>>;
    readonly notes?: readonly ResultNote[];
  };
}

/** One request with its answer, as sent and received. */
export interface Exchange {
  readonly scenario: string;
  readonly phase: string;
  readonly user: number;
  readonly spec: RequestSpec;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly response: LoadResponse;
}
