import { exceededCeiling, type Ceilings, type PlannedLoad } from '@jarvis-load/engine';
import { CliError } from '../cli-error.ts';
import { formatDuration } from '../options/duration.ts';

function above(what: string, planned: string, limit: string, next: string): CliError {
  return new CliError({
    exit: 'not-allowed',
    code: 'target-ceiling',
    problem: `this run plans ${planned} ${what}, but the target's permission ends at ${limit}`,
    next,
  });
}

/** Refuses a plan above the target's ceilings, and names the flags that reduce it. */
export function checkCeilings(load: PlannedLoad, ceilings: Ceilings): void {
  const exceeded = exceededCeiling(load, ceilings);
  if (exceeded === undefined) return;
  const { ceiling, planned, limit } = exceeded;
  switch (ceiling) {
    case 'maxUsers':
      throw above('users', String(planned), `${limit} (maxUsers)`, 'lower --users, --stages or --max-vus');
    case 'maxDuration':
      throw above(
        'of load',
        formatDuration(planned),
        `${formatDuration(limit)} (maxDuration)`,
        'lower --duration, --stages or --time-scale',
      );
    case 'maxRate':
      throw above(
        'requests/s',
        `up to ${Number.isFinite(planned) ? Math.ceil(planned) : 'any number of'}`,
        `${limit} (maxRate)`,
        'lower --users or --rate',
      );
  }
}

/** Refuses steps of a search or sweep, or a run that confirms an answer, that are longer than the target permits, before the first step. */
export function checkStepLength(durationMs: number, ceilings: Ceilings, flags: string): void {
  const { maxDurationMs } = ceilings;
  if (durationMs <= maxDurationMs) return;
  const limit = `${formatDuration(maxDurationMs)} (maxDuration)`;
  throw above('of load in one step', formatDuration(durationMs), limit, `lower ${flags}`);
}
