import type { LoadShape } from '../plan/load-shape.ts';
import type { Tags } from '../scenario.ts';

/** A duration: milliseconds as a number, or k6's notation such as `1m30s`, `500ms`. */
export type Duration = number | string;

/** A step of a ramp: reach `target` (users or iterations per `timeUnit`) after `duration`, linearly. */
export interface Stage {
  readonly duration: Duration;
  readonly target: number;
}

/** Options that every executor has, with k6's names and defaults. */
export interface CommonExecutorOptions {
  /** Offset from the start of the run. @default 0 */
  readonly startTime?: Duration;
  /** After the regular end no iteration starts; running ones get this long, then they are interrupted. @default '30s' */
  readonly gracefulStop?: Duration;
  readonly tags?: Tags;
}

/** A fixed number of users that iterate as fast as the scenario lets them. Closed model. */
export interface ConstantVusOptions extends CommonExecutorOptions {
  readonly kind: 'constant-vus';
  /** @default 1 */
  readonly vus?: number;
  readonly duration: Duration;
}

/** A number of users that follows stages. Closed model. */
export interface RampingVusOptions extends CommonExecutorOptions {
  readonly kind: 'ramping-vus';
  /** @default 1 */
  readonly startVUs?: number;
  readonly stages: readonly Stage[];
  /** How long a user that is ramped down may finish its iteration. @default '30s' */
  readonly gracefulRampDown?: Duration;
}

/** Iterations at a fixed rate, whatever the target answers. Open model. */
export interface ConstantArrivalRateOptions extends CommonExecutorOptions {
  readonly kind: 'constant-arrival-rate';
  /** Iterations per `timeUnit`. */
  readonly rate: number;
  /** @default '1s' */
  readonly timeUnit?: Duration;
  readonly duration: Duration;
  readonly preAllocatedVUs?: number;
  /** A planned iteration beyond so many in flight is dropped, and counted. @default preAllocatedVUs */
  readonly maxVUs?: number;
  /** Even spacing, or a seeded Poisson process of the same rate. @default 'uniform' */
  readonly arrivals?: 'uniform' | 'poisson';
}

/** Iterations at a rate that follows stages. Open model. */
export interface RampingArrivalRateOptions extends CommonExecutorOptions {
  readonly kind: 'ramping-arrival-rate';
  /** Iterations per `timeUnit` at the start. @default 0 */
  readonly startRate?: number;
  /** @default '1s' */
  readonly timeUnit?: Duration;
  readonly stages: readonly Stage[];
  readonly preAllocatedVUs?: number;
  /** @default preAllocatedVUs */
  readonly maxVUs?: number;
  /** @default 'uniform' */
  readonly arrivals?: 'uniform' | 'poisson';
}

/** A number of iterations that the users share. Closed model. */
export interface SharedIterationsOptions extends CommonExecutorOptions {
  readonly kind: 'shared-iterations';
  /** @default 1 */
  readonly vus?: number;
  /** @default 1 */
  readonly iterations?: number;
  /** @default '10m' */
  readonly maxDuration?: Duration;
}

/** A number of iterations for each user. Closed model. */
export interface PerVuIterationsOptions extends CommonExecutorOptions {
  readonly kind: 'per-vu-iterations';
  /** @default 1 */
  readonly vus?: number;
  /** Per user. @default 1 */
  readonly iterations?: number;
  /** @default '10m' */
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
  /** @default '30s' */
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
