import type { Clock } from '../clock/clock.ts';
import type { Exchange } from '../options.ts';
import type { ThreadRecorder } from '../recorder/thread-recorder.ts';
import type { CompiledScenario } from '../run/compile.ts';
import type { ConnectionSource } from '../transport/connections.ts';
import type { RunHeaders } from './run-headers.ts';
import type { RateGate } from './rate-gate.ts';

/** What phase of a run a request belongs to; goes into the header `x-load-phase`. */
export type RequestPhase = 'probe' | 'warm-up' | 'setup' | 'prepare' | 'run' | 'teardown';

/** What the users of one scenario in one thread have in common. */
export interface UserHost {
  readonly clock: Clock;
  readonly scenario: CompiledScenario;
  /** Only requests of phase `run` are recorded. */
  readonly phase: RequestPhase;
  readonly recorder: ThreadRecorder | undefined;
  /**
   * Where `onStart` of an open scenario runs, in phase `prepare`: its users are carriers, and making them ready is no load.
   * `undefined`: in the same phase as all else.
   */
  readonly prepare: UserHost | undefined;
  /** Time limit of `setup` and `onStart`. */
  readonly setupTimeoutMs: number;
  /** Sent with every request. */
  readonly headers: RunHeaders;
  /** Scheme, host and port, for display. */
  readonly origin: string;
  /** Put before every path; no slash at its end. */
  readonly pathPrefix: string;
  readonly requestTimeoutMs: number;
  /** By operation name: operations that may only be sent so often. */
  readonly gates: ReadonlyMap<string, RateGate>;
  readonly seed: number;
  /** Whether each user keeps cookies. */
  readonly cookies?: boolean | undefined;
  readonly onExchange: ((exchange: Exchange) => void) | undefined;
  /** Told at once of every answer, with its clock time: the schedule may have fallen due meanwhile. */
  readonly answered: ((nowMs: number) => void) | undefined;
  /** A user's own connections, or the shared ones. */
  connections(): ConnectionSource;
}
