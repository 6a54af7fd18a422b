import type { UserRamp } from '../executors/executor.ts';
import type { ScenarioBase } from '../definition/base-addresses.ts';
import type { MetricSelection } from '../recorder/metric-recorder.ts';
import type { PartOfRun } from '../model/run-options.ts';
import type { ScenarioModule } from '../model/scenario-module.ts';
import type { TransportSettings } from '../model/transport-settings.ts';

/**
 * What a worker thread is started with. It is cloned: plain data, and shared memory for `counters` and `sharedCells`.
 * `create-threads.ts` fills it, `worker.ts` reads it.
 */
export interface WorkerData {
  readonly source: ScenarioModule;
  readonly transport: TransportSettings;
  readonly headers: Readonly<Record<string, string>>;
  readonly bases: readonly ScenarioBase[];
  readonly pathPrefix: string;
  readonly requestTimeoutMs: number;
  readonly setupTimeoutMs: number;
  readonly thread: number;
  /** Among the threads of all parts of the run. */
  readonly place: number;
  /** Number of threads of all parts. */
  readonly threads: number;
  readonly part: PartOfRun;
  readonly seed: number;
  readonly counters: Float64Array;
  readonly sharedCells: readonly Int32Array[];
  readonly cookies: boolean;
  readonly selections: ReadonlyMap<string, readonly MetricSelection[]>;
  readonly statuses: readonly number[];
  readonly traceShare: number;
  readonly connections: 'per-user' | 'shared' | undefined;
  /** Of this thread. */
  readonly maxConnections: number;
  readonly pacing: 'efficient' | 'precise';
  readonly warmUp: boolean;
}

/** Calls from the coordinator to a worker; the reply has the `id` of the call. `ping` is answered before there is a `LoadThread`, too. */
export type WorkerCall =
  | { readonly kind: 'prepare'; readonly sharedData: readonly unknown[] }
  | { readonly kind: 'run'; readonly originMs: number }
  | { readonly kind: 'stop' | 'interrupt' | 'pause' | 'resume' | 'flush' | 'close' }
  | { readonly kind: 'ping' }
  | {
      readonly kind: 'set-users';
      readonly scenario: number;
      readonly users: number;
      readonly ramp: UserRamp | undefined;
    }
  | { readonly kind: 'set-rate'; readonly scenario: number; readonly rate: number; readonly atMs: number };

export interface WorkerRequest {
  readonly id: number;
  readonly call: WorkerCall;
}

export interface WorkerReply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: unknown;
}

/** A message without a call: scenario code of the worker ends the run. The reason is redacted. */
export interface WorkerNotice {
  readonly stop: string;
}
