import type { Outcome } from '../outcome.ts';
import type { HistogramSnapshot } from './histogram-snapshot.ts';

/** What completed in one interval for one operation of one scenario: exact deltas. */
export interface IntervalOperation {
  readonly scenario: string;
  readonly operation: string;
  readonly requests: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  /** Response times of this interval, microseconds: for `.hlog` files and time series. */
  readonly responseTime: HistogramSnapshot;
}

/** Where the run is in its plan. */
export interface Progress {
  readonly elapsedMs: number;
  readonly plannedMs: number;
  /** 1-based stage of the longest scenario, where it has stages. */
  readonly stage:
    | { readonly index: number; readonly count: number; readonly label: string; readonly leftMs: number }
    | undefined;
}

/** Each second: what completed in it, and the run so far. Intervals add up to the totals, to the last request. */
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
  /** The run so far. */
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
  /** Generator health of this second, when it matters. */
  readonly health: {
    readonly eventLoopUtilization: number;
    readonly pacerLagP99Ms: number | null;
    /** Of the time in which our threads wanted a processor, the part in which they waited for one; null: not measured. */
    readonly waitShare: number | null;
  };
}

/** The run enters a phase. */
export interface PhaseEvent {
  readonly type: 'phase';
  readonly phase: 'warm-up' | 'setup' | 'run' | 'drain' | 'teardown' | 'done';
}

/** Something a person should know while the run is on, such as the circuit breaker. */
export interface NoticeEvent {
  readonly type: 'notice';
  readonly level: 'info' | 'warning';
  readonly code: string;
  readonly text: string;
}

export type RunEvent = IntervalEvent | PhaseEvent | NoticeEvent;
