import type { PlannedLoad } from '../model/planned-load.ts';

/** How much load a permission allows; Infinity where it does not say. */
export interface Ceilings {
  readonly maxUsers: number;
  /** Requests per second, of all scenarios together. */
  readonly maxRate: number;
  readonly maxDurationMs: number;
}

/** The first ceiling that a plan goes beyond. */
export type Exceeded =
  | { readonly ceiling: 'maxUsers'; readonly planned: number; readonly limit: number }
  /** In milliseconds. */
  | { readonly ceiling: 'maxDuration'; readonly planned: number; readonly limit: number }
  /** `planned` is Infinity where a scenario bounds its requests in no way. */
  | { readonly ceiling: 'maxRate'; readonly planned: number; readonly limit: number };

/** Compares a plan with what the target's owner allowed. */
export function exceededCeiling(planned: PlannedLoad, ceilings: Ceilings): Exceeded | undefined {
  const { maxUsers, maxDurationMs, maxRate } = ceilings;
  if (planned.users > maxUsers) return { ceiling: 'maxUsers', planned: planned.users, limit: maxUsers };
  if (planned.durationMs > maxDurationMs)
    return { ceiling: 'maxDuration', planned: planned.durationMs, limit: maxDurationMs };
  if (planned.requestsPerSecond > maxRate)
    return { ceiling: 'maxRate', planned: planned.requestsPerSecond, limit: maxRate };
  return undefined;
}
