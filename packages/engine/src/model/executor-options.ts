import type { LoadShape } from './load-shape.ts';
import type { Tags } from './tags.ts';
import type { Duration } from '../duration.ts';

/*
 * Executors as a scenario declares them; `executors/resolve-executor.ts` checks them and fills in the defaults, so a default is
 * stated here and set there. Durations are milliseconds or text such as `10s`.
 */

/** A step of a ramp: a linear change to `target` (users, or iterations per `timeUnit`) within `duration`. */
export interface Stage {
  /** Length of the step; 0 changes the level at once. */
  readonly duration: Duration;
  /** Level at the end of the step. */
  readonly target: number;
}

/** Options common to all executors, with k6's names and defaults. */
export interface CommonExecutorOptions {
  /** Offset from the start of the run. @default 0 */
  readonly startTime?: Duration;
  /**
   * Time for running iterations to finish after the regular end, at which no new ones start; then they are interrupted.
   * @default '30s'
   */
  readonly gracefulStop?: Duration;
  /** Labels in the document, in addition to those of the scenario. @default {} */
  readonly tags?: Tags;
}

/**
 * A position among scenarios that share one schedule, which is that of a single scenario with `of` times the rate. Of
 * its arrivals, counted from 0, this scenario takes every `of`-th, beginning with `index`; each arrival of a random process goes to
 * one of the scenarios at random.
 */
export interface Turn {
  /** 0 to `of` - 1. */
  readonly index: number;
  /** Number of scenarios that share the schedule; all with the same rate, stages, `arrivals` and `startTime`. */
  readonly of: number;
}

/** A fixed number of users, each starting its next iteration when the last one has ended. Closed model. */
export interface ConstantVusOptions extends CommonExecutorOptions {
  readonly kind: 'constant-vus';
  /** Number of users. @default 1 */
  readonly vus?: number;
  /** Time from the executor's start after which no iteration starts. */
  readonly duration: Duration;
}

/** A number of users that changes in stages. Closed model. */
export interface RampingVusOptions extends CommonExecutorOptions {
  readonly kind: 'ramping-vus';
  /** Number of users at the start. @default 1 */
  readonly startVUs?: number;
  /** Numbers of users, in order. */
  readonly stages: readonly Stage[];
  /** Time for a user that the ramp stops to finish its iteration. @default '30s' */
  readonly gracefulRampDown?: Duration;
}

/**
 * How arrivals are spread around the rate: evenly, as a Poisson process, or with gaps of a gamma distribution, `gamma:0.25`: their
 * coefficient of variation is 1 / sqrt(shape), so `gamma:1` is a Poisson process, below 1 come bursts, above 1 it is more even. The
 * shape is what vLLM calls burstiness.
 */
export type ArrivalPattern = 'uniform' | 'poisson' | `gamma:${number}`;

/** Iterations started at a fixed rate, independently of responses. Open model. */
export interface ConstantArrivalRateOptions extends CommonExecutorOptions {
  readonly kind: 'constant-arrival-rate';
  /** Iterations per `timeUnit`. */
  readonly rate: number;
  /** Time unit of the rate. @default '1s' */
  readonly timeUnit?: Duration;
  /** Time from the executor's start after which no iteration is planned. */
  readonly duration: Duration;
  /**
   * Users created, and started with `onStart`, before the load begins.
   * @default the highest rate x 0.1 s, at most 100
   */
  readonly preAllocatedVUs?: number;
  /**
   * Maximum number of users; an iteration planned while all are busy is dropped and counted as dropped.
   * @default preAllocatedVUs if given, else the highest rate x 10 s, from 10 to 5000
   */
  readonly maxVUs?: number;
  /** Uniform spacing, or a seeded random process of the same rate. @default 'uniform' */
  readonly arrivals?: ArrivalPattern;
  /**
   * Position among scenarios that share one schedule: this one takes every `of`-th arrival, beginning with `index`.
   * @default none
   */
  readonly turn?: Turn;
}

/** Iterations started at a rate that changes in stages. Open model. */
export interface RampingArrivalRateOptions extends CommonExecutorOptions {
  readonly kind: 'ramping-arrival-rate';
  /** Iterations per `timeUnit` at the start. @default 0 */
  readonly startRate?: number;
  /** Time unit of the rates. @default '1s' */
  readonly timeUnit?: Duration;
  /** Iterations per `timeUnit`, in order. */
  readonly stages: readonly Stage[];
  /**
   * Users created, and started with `onStart`, before the load begins.
   * @default the highest rate x 0.1 s, at most 100
   */
  readonly preAllocatedVUs?: number;
  /**
   * Maximum number of users; an iteration planned while all are busy is dropped and counted as dropped.
   * @default preAllocatedVUs if given, else the highest rate x 10 s, from 10 to 5000
   */
  readonly maxVUs?: number;
  /** Uniform spacing, or a seeded random process of the same rate. @default 'uniform' */
  readonly arrivals?: ArrivalPattern;
  /**
   * Position among scenarios that share one schedule: this one takes every `of`-th arrival, beginning with `index`.
   * @default none
   */
  readonly turn?: Turn;
}

/**
 * Iterations started at the times of a file, such as a log of real traffic, independently of responses. Open model. A row
 * starts the scenario that it names in column `scenario`, or the one that has its `operation`; rows that name neither start any scenario.
 */
export interface ReplayedArrivalsOptions extends CommonExecutorOptions {
  readonly kind: 'replayed-arrivals';
  /**
   * Path of a CSV or NDJSON file, from the working directory. Each row has a time, ascending: `time` in seconds from the start or as a date-time, or
   * `time_ms`. It may have `scenario`, `operation`, `prompt_tokens`, `answer_tokens`, `bytes` and more: scenario code reads them in `user.arrival`.
   */
  readonly file: string;
  /** Times are multiplied by it: 0.5 halves the length and doubles the rate. @default 1 */
  readonly timeScale?: number;
  /** Rows from this time on are left out, and counted. @default up to the last row, at least 1 s */
  readonly duration?: Duration;
  /**
   * Users created, and started with `onStart`, before the load begins.
   * @default arrivals of the busiest second x 0.1, at most 100
   */
  readonly preAllocatedVUs?: number;
  /**
   * Maximum number of users; an iteration planned while all are busy is dropped and counted as dropped.
   * @default preAllocatedVUs if given, else arrivals of the busiest second x 10, from 10 to 5000
   */
  readonly maxVUs?: number;
  /**
   * Position among scenarios that share the rows that name none: this one takes every `of`-th, beginning with `index`.
   * @default none: it takes all of them
   */
  readonly turn?: Turn;
}

/** A number of iterations shared by all users. Closed model. */
export interface SharedIterationsOptions extends CommonExecutorOptions {
  readonly kind: 'shared-iterations';
  /** Number of users. @default 1 */
  readonly vus?: number;
  /** Total number of iterations of all users. @default 1 */
  readonly iterations?: number;
  /** Time after which no iteration starts. @default '10m' */
  readonly maxDuration?: Duration;
}

/** A number of iterations for each user. Closed model. */
export interface PerVuIterationsOptions extends CommonExecutorOptions {
  readonly kind: 'per-vu-iterations';
  /** Number of users. @default 1 */
  readonly vus?: number;
  /** Iterations per user. @default 1 */
  readonly iterations?: number;
  /** Time after which no iteration starts. @default '10m' */
  readonly maxDuration?: Duration;
}

/** A number of users given by a function of time: Locust's custom load shape. Closed model. */
export interface LoadShapeOptions extends CommonExecutorOptions {
  readonly kind: 'load-shape';
  /**
   * Called before the run with each second from 0 on, until it returns `undefined` or `null`; returns the number of
   * users from that second on and how many start or stop per second.
   */
  readonly shape: LoadShape;
  /** Time for a user that the shape stops to finish its iteration. @default '30s' */
  readonly gracefulRampDown?: Duration;
}

/** A number of users that the caller sets while the run is on, with `setUsers` of the run. Closed model. */
export interface ExternallyControlledUsersOptions extends CommonExecutorOptions {
  readonly kind: 'externally-controlled';
  /** From the executor's start; no iteration starts after it. @default until the run is stopped */
  readonly duration?: Duration;
  /** Users at the start, from 0. @default 1 */
  readonly vus?: number;
  /** Most users that may be set; the limits of this machine and of `allow` hold too. @default 1_000_000 */
  readonly maxVUs?: number;
  /** How long a user that is no longer wanted may finish its iteration. @default '30s' */
  readonly gracefulRampDown?: Duration;
}

/** Iterations at a rate that the caller sets while the run is on, with `setRate` of the run. Open model. */
export interface ExternallyControlledRateOptions extends CommonExecutorOptions {
  readonly kind: 'externally-controlled';
  /** From the executor's start; no iteration starts after it. @default until the run is stopped */
  readonly duration?: Duration;
  /** Iterations per `timeUnit` at the start, from 0. */
  readonly rate: number;
  /** What the rates are per, those of `setRate` too. @default '1s' */
  readonly timeUnit?: Duration;
  /** Users made, and started with `onStart`, before the clock starts. @default the rate at the start x 0.1 s, from 1 to 100 */
  readonly preAllocatedVUs?: number;
  /** A planned iteration beyond so many in flight is dropped, and counted. @default preAllocatedVUs if given, else 5000 */
  readonly maxVUs?: number;
  /** Uniform spacing, or a seeded random process of the same rate. @default 'uniform' */
  readonly arrivals?: ArrivalPattern;
  /** Takes turns with other scenarios of the same rate; `setRate` on one of them sets the rate of all. @default none */
  readonly turn?: Turn;
}

/** The rule that turns a profile into iterations; the kinds have k6's names. */
export type ExecutorOptions =
  | ConstantVusOptions
  | RampingVusOptions
  | ConstantArrivalRateOptions
  | RampingArrivalRateOptions
  | ReplayedArrivalsOptions
  | SharedIterationsOptions
  | PerVuIterationsOptions
  | LoadShapeOptions
  | ExternallyControlledUsersOptions
  | ExternallyControlledRateOptions;
