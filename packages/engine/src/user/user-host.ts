import type { Clock } from '../model/clock.ts';
import type { MessageConnection, MessageListener } from '../model/flight.ts';
import type { Feeder } from '../model/feeder.ts';
import type { Exchange } from '../model/run-options.ts';
import type { ThreadRecorder } from '../recorder/thread-recorder.ts';
import type { CompiledScenario } from '../model/compiled-run.ts';
import type { ConnectionSource } from '../transport/connections.ts';
import type { Destination } from './build-wire.ts';
import type { BaseAddress } from './redirects.ts';
import type { RunHeaders } from './run-headers.ts';
import type { RateGate } from '../clock/rate-gate.ts';
import type { UnkeptCookies } from './unkept-cookies.ts';
import type { ThreadSecrets } from '../secrets/sent-secrets.ts';

/** The phase of a run that a request belongs to; sent in the header `x-load-phase`. Only requests of `run` are recorded. */
export type RequestPhase = 'probe' | 'warm-up' | 'setup' | 'prepare' | 'run' | 'teardown';

/** One of the scenario's `bases`. */
export interface HostBase extends Destination {
  readonly name: string;
  /** Connection source of a user. */
  connections(): ConnectionSource;
  /** A WebSocket to it. */
  messages(listener: MessageListener): MessageConnection;
}

/** What users of all threads share while a run is on. */
export interface UserCoordination {
  nextIteration(): number;
  nextRow(feeder: Feeder): number;
  stop(reason: string): void;
}

/** What the users of one scenario in one thread have in common. */
export interface UserHost {
  readonly clock: Clock;
  readonly scenario: CompiledScenario;
  /** Only requests of phase `run` are recorded. */
  readonly phase: RequestPhase;
  readonly recorder: ThreadRecorder | undefined;
  /**
   * Host for `onStart` of an open scenario, in phase `prepare`: its load is the arrivals, so preparing users does not
   * count as load. `undefined`: `onStart` runs in the phase of this host.
   */
  readonly prepare: UserHost | undefined;
  /** Time limit of `setup` and `onStart`. */
  readonly setupTimeoutMs: number;
  /** Sent with every request. */
  readonly headers: RunHeaders;
  /** Of the target. */
  readonly name: undefined;
  /** Scheme, host and port. */
  readonly origin: string;
  /** Put before every path; no slash at its end. */
  readonly pathPrefix: string;
  /** The scenario's `bases`, by name. */
  readonly bases: ReadonlyMap<string, HostBase>;
  /** The target and the bases: where redirects may lead to. */
  readonly addresses: readonly BaseAddress[];
  readonly requestTimeoutMs: number;
  /** Of the thread. */
  readonly secrets: ThreadSecrets;
  /** By operation name: rate limits of operations with a `maxPerSecond`. */
  readonly gates: ReadonlyMap<string, RateGate>;
  readonly seed: number;
  /** Whether each user keeps cookies. */
  readonly cookies?: boolean | undefined;
  /** Of the thread, in the run, where they are not kept. */
  readonly unkept?: UnkeptCookies | undefined;
  /** @default numbers are 0, and nothing can be stopped */
  readonly coordination: UserCoordination | undefined;
  readonly onExchange: ((exchange: Exchange) => void) | undefined;
  /** Called with the clock time at which a request ends, also by a failure, so that the pacer can check for due arrivals. */
  readonly answered: ((nowMs: number) => void) | undefined;
  /** Connection source of a user: its own connections, or the shared ones. */
  connections(): ConnectionSource;
  /** A WebSocket to the target. */
  messages(listener: MessageListener): MessageConnection;
}
