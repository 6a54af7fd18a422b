import type { Outcome } from '../outcome.ts';
import type { SteeringChange } from './steering.ts';
import type { HistogramSnapshot } from './histogram-snapshot.ts';

/** Measurements of one operation of one scenario in one interval: exact deltas. */
export interface IntervalOperation {
  readonly scenario: string;
  readonly operation: string;
  readonly requests: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  /** Response times of this interval, in microseconds: for `.hlog` files and time series. */
  readonly responseTime: HistogramSnapshot;
}

/** Position in the planned duration. */
export interface Progress {
  readonly elapsedMs: number;
  /** null: the run has no end of its own. */
  readonly plannedMs: number | null;
  /** 1-based stage of the scenario with the longest plan among those with stages; undefined: none has stages, or they have ended. */
  readonly stage:
    | { readonly index: number; readonly count: number; readonly label: string; readonly leftMs: number }
    | undefined;
}

/**
 * Emitted about every second: measurements of this interval, and totals since the start. The intervals add up exactly
 * to the totals.
 */
export interface IntervalEvent {
  readonly type: 'interval';
  readonly index: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly progress: Progress;
  readonly paused: boolean;
  readonly users: number;
  readonly targetUsers: number;
  readonly inFlight: number;
  readonly iterations: number;
  readonly dropped: number;
  readonly requests: number;
  readonly failed: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly response: {
    readonly p50Ms: number | null;
    readonly p95Ms: number | null;
    readonly p99Ms: number | null;
  };
  readonly operations: readonly IntervalOperation[];
  /** Totals since the start. */
  readonly total: {
    readonly requests: number;
    readonly failed: number;
    readonly outcomes: Readonly<Record<Outcome, number>>;
    readonly response: {
      readonly p50Ms: number | null;
      readonly p95Ms: number | null;
      readonly p99Ms: number | null;
    };
  };
  /** Health of the generator in this interval. */
  readonly health: {
    readonly eventLoopUtilization: number;
    readonly pacerLagP99Ms: number | null;
    /**
     * Share of the time in which our threads waited for a processor, of the time in which they ran or waited; null: not
     * measured.
     */
    readonly waitShare: number | null;
  };
}

/** The start of a phase of the run. */
export interface PhaseEvent {
  readonly type: 'phase';
  readonly phase: 'warm-up' | 'setup' | 'run' | 'drain' | 'teardown' | 'done';
}

/** A message for the user during the run, such as that the circuit breaker has ended it. */
export interface NoticeEvent {
  readonly type: 'notice';
  readonly level: 'info' | 'warning';
  readonly code: string;
  readonly text: string;
}

/** Users or a rate were set while the run is on. */
export interface SteeringEvent extends SteeringChange {
  readonly type: 'steering';
}

export type RunEvent = IntervalEvent | PhaseEvent | NoticeEvent | SteeringEvent;
