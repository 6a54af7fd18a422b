import type { LoadShape } from './load-shape.ts';
import type { Tags } from './scenario.ts';
import type { Duration } from '../duration.ts';

/** A step of a ramp: reach `target` (users or iterations per `timeUnit`) after `duration`, linearly. */
export interface Stage {
  /** How long it takes; 0 jumps. */
  readonly duration: Duration;
  /** The level at its end. */
  readonly target: number;
}

/** Options that every executor has, with k6's names and defaults. */
export interface CommonExecutorOptions {
  /** Offset from the start of the run. @default 0 */
  readonly startTime?: Duration;
  /** After the regular end no iteration starts; running ones get this long, then they are interrupted. @default '30s' */
  readonly gracefulStop?: Duration;
  /** Labels in the document, beside those of the scenario. @default {} */
  readonly tags?: Tags;
}

/**
 * A place among scenarios that share a schedule: that of one scenario with `of` times the rate. Of its arrivals, counted
 * from 0, this scenario takes every `of`-th from `index` on; of Poisson arrivals each goes to one of them at random.
 */
export interface Turn {
  /** 0 to `of` - 1. */
  readonly index: number;
  /** How many scenarios take turns; all with the same rate, stages, `arrivals` and `startTime`. */
  readonly of: number;
}

/** A fixed number of users that iterate as fast as the scenario lets them. Closed model. */
export interface ConstantVusOptions extends CommonExecutorOptions {
  readonly kind: 'constant-vus';
  /** Users. @default 1 */
  readonly vus?: number;
  /** From the executor's start; no iteration starts after it. */
  readonly duration: Duration;
}

/** A number of users that follows stages. Closed model. */
export interface RampingVusOptions extends CommonExecutorOptions {
  readonly kind: 'ramping-vus';
  /** Users at the start. @default 1 */
  readonly startVUs?: number;
  /** Levels of users, one after the other. */
  readonly stages: readonly Stage[];
  /** How long a user that is ramped down may finish its iteration. @default '30s' */
  readonly gracefulRampDown?: Duration;
}

/** Iterations at a fixed rate, whatever the target answers. Open model. */
export interface ConstantArrivalRateOptions extends CommonExecutorOptions {
  readonly kind: 'constant-arrival-rate';
  /** Iterations per `timeUnit`. */
  readonly rate: number;
  /** What the rates are per. @default '1s' */
  readonly timeUnit?: Duration;
  /** From the executor's start; nothing is planned after it. */
  readonly duration: Duration;
  /** Users made, and started with `onStart`, before the clock starts. @default the highest rate x 0.1 s, at most 100 */
  readonly preAllocatedVUs?: number;
  /** A planned iteration beyond so many in flight is dropped, and counted. @default preAllocatedVUs if given, else the highest rate x 10 s, from 10 to 5000 */
  readonly maxVUs?: number;
  /** Even spacing, or a seeded Poisson process of the same rate. @default 'uniform' */
  readonly arrivals?: 'uniform' | 'poisson';
  /** Takes turns with other scenarios of the same rate; together they start by one schedule. @default none */
  readonly turn?: Turn;
}

/** Iterations at a rate that follows stages. Open model. */
export interface RampingArrivalRateOptions extends CommonExecutorOptions {
  readonly kind: 'ramping-arrival-rate';
  /** Iterations per `timeUnit` at the start. @default 0 */
  readonly startRate?: number;
  /** What the rates are per. @default '1s' */
  readonly timeUnit?: Duration;
  /** Iterations per `timeUnit`, one level after the other. */
  readonly stages: readonly Stage[];
  /** Users made, and started with `onStart`, before the clock starts. @default the highest rate x 0.1 s, at most 100 */
  readonly preAllocatedVUs?: number;
  /** A planned iteration beyond so many in flight is dropped, and counted. @default preAllocatedVUs if given, else the highest rate x 10 s, from 10 to 5000 */
  readonly maxVUs?: number;
  /** Even spacing, or a seeded Poisson process of the same rate. @default 'uniform' */
  readonly arrivals?: 'uniform' | 'poisson';
  /** Takes turns with other scenarios of the same rate; together they start by one schedule. @default none */
  readonly turn?: Turn;
}

/** A number of iterations that the users share. Closed model. */
export interface SharedIterationsOptions extends CommonExecutorOptions {
  readonly kind: 'shared-iterations';
  /** Users that share them. @default 1 */
  readonly vus?: number;
  /** Of all users together. @default 1 */
  readonly iterations?: number;
  /** No iteration starts after it. @default '10m' */
  readonly maxDuration?: Duration;
}

/** A number of iterations for each user. Closed model. */
export interface PerVuIterationsOptions extends CommonExecutorOptions {
  readonly kind: 'per-vu-iterations';
  /** Users. @default 1 */
  readonly vus?: number;
  /** Per user. @default 1 */
  readonly iterations?: number;
  /** No iteration starts after it. @default '10m' */
  readonly maxDuration?: Duration;
}

/** A number of users that follows a function of time: Locust's custom load shape. Closed model. */
export interface LoadShapeOptions extends CommonExecutorOptions {
  readonly kind: 'load-shape';
  /**
   * Asked beforehand, for each second from 0 on, until it returns nothing: how many users are wanted then, and how
   * many per second may come or go.
   */
  readonly shape: LoadShape;
  /** How long a user that is ramped down may finish its iteration. @default '30s' */
  readonly gracefulRampDown?: Duration;
}

/** The rule that turns a profile into iterations; k6's names. */
export type ExecutorOptions =
  | ConstantVusOptions
  | RampingVusOptions
  | ConstantArrivalRateOptions
  | RampingArrivalRateOptions
  | SharedIterationsOptions
  | PerVuIterationsOptions
  | LoadShapeOptions;
