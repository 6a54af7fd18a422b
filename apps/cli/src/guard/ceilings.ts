import { CliError } from '../cli-error.ts';
import { formatDuration } from '../options/duration.ts';
import type { Ceilings } from './target-guard.ts';

/** The most that a planned run asks of its target. */
export interface PlannedLoad {
  readonly users: number;
  /** Requests per second if the target answered at once. */
  readonly requestsPerSecond: number;
  readonly durationMs: number;
}

function above(what: string, planned: string, limit: string, next: string): CliError {
  return new CliError({
    exit: 'not-allowed',
    code: 'target-ceiling',
    problem: `this run plans ${planned} ${what}, but the target's permission ends at ${limit}`,
    next,
  });
}

/** Refuses a plan that goes beyond what the target's owner allowed. */
export function checkCeilings(planned: PlannedLoad, ceilings: Ceilings): void {
  if (planned.users > ceilings.maxUsers)
    throw above(
      'users',
      String(planned.users),
      `${ceilings.maxUsers} (maxUsers)`,
      'lower --users, --stages or --max-vus',
    );
  if (planned.durationMs > ceilings.maxDurationMs)
    throw above(
      'of load',
      formatDuration(planned.durationMs),
      `${formatDuration(ceilings.maxDurationMs)} (maxDuration)`,
      'lower --duration, --stages or --time-scale',
    );
  if (planned.requestsPerSecond > ceilings.maxRate)
    throw above(
      'requests/s',
      `up to ${Number.isFinite(planned.requestsPerSecond) ? Math.ceil(planned.requestsPerSecond) : 'any number of'}`,
      `${ceilings.maxRate} (maxRate)`,
      'lower --users or --rate',
    );
}
