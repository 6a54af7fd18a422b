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

/** No flag bounds what an iteration does: only the scenario can say it. */
function unbounded(scenarios: readonly string[], limit: number): CliError {
  return new CliError({
    exit: 'not-allowed',
    code: 'target-ceiling',
    problem: `the target's permission ends at ${limit} requests/s (maxRate), but nothing says how many scenario ${scenarios.join(', ')} makes`,
    expected:
      "what one iteration does, in the scenario: demand: { iterationSeconds: 2, requests: { 'GET /cart': 1 } }, its think time (above 0) and its requests by operation",
    next: 'add demand, or give each operation a maxPerSecond',
  });
}

/** As `unbounded`, for scenarios whose demand is there, but says no think time: at a rate it bounds them. */
function withoutThinkTime(scenarios: readonly string[], limit: number): CliError {
  return new CliError({
    exit: 'not-allowed',
    code: 'target-ceiling',
    problem: `the target's permission ends at ${limit} requests/s (maxRate), but the demand of scenario ${scenarios.join(', ')} has no think time (iterationSeconds: 0): nothing bounds how often a user repeats it`,
    expected:
      'a load by --rate, or a think time in run (user.think), and in demand the same as iterationSeconds',
    next: '--rate=<iterations per second> in place of --users, or give each operation a maxPerSecond',
  });
}

/** Refuses a plan above the target's ceilings, and names the flags that reduce it. @throws CliError exit 4, `target-ceiling` */
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
      if (load.unbounded !== undefined) {
        const thinkless = load.withoutThinkTime ?? [];
        const others = load.unbounded.filter((name) => !thinkless.includes(name));
        throw others.length > 0 ? unbounded(others, limit) : withoutThinkTime(thinkless, limit);
      }
      throw above(
        'requests/s',
        `up to ${Math.ceil(planned)}`,
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
