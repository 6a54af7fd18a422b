import type { Tags } from './scenario.ts';
import type { ArrivalPattern, Turn } from './executor-options.ts';

/*
 * Executors after their check, every default filled in. They are part of `RunInfo`, hence of the written record, and of the
 * document (`describeExecutor` in `result/build.ts`). `parseRunInfo` does not check them: a renamed field is missing from
 * executors of earlier journals.
 */

/** A {@link Stage} with its duration in milliseconds. */
export interface ResolvedStage {
  readonly durationMs: number;
  readonly target: number;
}

/** Options common to all executors, with defaults filled in. */
interface ResolvedCommon {
  /** `open`: iterations start by a schedule, independently of responses. `closed`: users wait for responses. */
  readonly model: 'open' | 'closed';
  readonly startTimeMs: number;
  /**
   * From the executor's start to the moment after which no iteration starts; without `startTime` and graceful periods.
   * Infinity for an executor that ends only when the run is stopped.
   */
  readonly plannedDurationMs: number;
  readonly gracefulStopMs: number;
  /** Maximum number of users at the same time. */
  readonly maxUsers: number;
  readonly tags: Tags;
}

/** The executor of a run of another tool whose output does not name one. */
export interface UnknownExecutor {
  readonly kind: null;
  readonly model: null;
  readonly startTimeMs: 0;
  readonly plannedDurationMs: null;
  readonly tags: Tags;
}

interface ResolvedConstantVus extends ResolvedCommon {
  readonly kind: 'constant-vus';
  readonly model: 'closed';
  readonly vus: number;
  readonly durationMs: number;
}

interface ResolvedRampingVus extends ResolvedCommon {
  readonly kind: 'ramping-vus';
  readonly model: 'closed';
  readonly startVUs: number;
  readonly stages: readonly ResolvedStage[];
  readonly gracefulRampDownMs: number;
}

/** Limits of an open-model executor. */
interface ResolvedOpen extends ResolvedCommon {
  readonly model: 'open';
  readonly preAllocatedVUs: number;
  readonly maxVUs: number;
  /** Position among the scenarios that share a schedule; `rate` and `stages` are those of this scenario alone. */
  readonly turn?: Turn;
}

/** An open-model executor with a rate. */
interface ResolvedRate extends ResolvedOpen {
  readonly timeUnitMs: number;
  readonly arrivals: ArrivalPattern;
}

export interface ResolvedReplayedArrivals extends ResolvedOpen {
  readonly kind: 'replayed-arrivals';
  /** Path as given. */
  readonly file: string;
  /** Of the content of the file. */
  readonly sha256: string;
  readonly timeScale: number;
  readonly durationMs: number;
  /** Rows that start this scenario. */
  readonly rows: number;
  /** Further ones, at `durationMs` and after it. */
  readonly leftOut: number;
  /** Most arrivals of this scenario within one second. */
  readonly peakPerSecond: number;
}

export interface ResolvedConstantArrivalRate extends ResolvedRate {
  readonly kind: 'constant-arrival-rate';
  /** Iterations per `timeUnitMs`. */
  readonly rate: number;
  readonly ratePerSecond: number;
  readonly durationMs: number;
}

export interface ResolvedRampingArrivalRate extends ResolvedRate {
  readonly kind: 'ramping-arrival-rate';
  /** Iterations per `timeUnitMs`, like the targets of the stages. */
  readonly startRate: number;
  readonly startRatePerSecond: number;
  readonly stages: readonly ResolvedStage[];
}

interface ResolvedSharedIterations extends ResolvedCommon {
  readonly kind: 'shared-iterations';
  readonly model: 'closed';
  readonly vus: number;
  readonly iterations: number;
  readonly maxDurationMs: number;
}

interface ResolvedPerVuIterations extends ResolvedCommon {
  readonly kind: 'per-vu-iterations';
  readonly model: 'closed';
  readonly vus: number;
  /** Iterations per user. */
  readonly iterations: number;
  readonly maxDurationMs: number;
}

interface ResolvedExternallyControlledUsers extends ResolvedCommon {
  readonly kind: 'externally-controlled';
  readonly model: 'closed';
  /** Users at the start. */
  readonly vus: number;
  readonly gracefulRampDownMs: number;
}

export interface ResolvedExternallyControlledRate extends ResolvedRate {
  readonly kind: 'externally-controlled';
  /** Iterations per `timeUnitMs` at the start. */
  readonly rate: number;
  readonly ratePerSecond: number;
}

/** Validated executor options with every default filled in, durations in milliseconds. */
export type ResolvedExecutor =
  | ResolvedConstantVus
  | ResolvedRampingVus
  | ResolvedConstantArrivalRate
  | ResolvedRampingArrivalRate
  | ResolvedReplayedArrivals
  | ResolvedSharedIterations
  | ResolvedPerVuIterations
  | ResolvedExternallyControlledUsers
  | ResolvedExternallyControlledRate;
