import { formatDuration } from '../duration.ts';
import { EngineError } from '../errors.ts';
import type { ScenarioDefinition } from '../model/scenario.ts';
import { exceededCeiling, type Ceilings } from '../guard/ceilings.ts';
import { plannedLoad } from './planned-load.ts';

/**
 * Rejects a plan that exceeds the ceilings of the entry of `allow`, before anything is sent. `Steering` checks what is set during
 * the run, against the same ceilings.
 * @throws EngineError `target-not-allowed`
 */
export function checkCeilings(scenarios: readonly ScenarioDefinition[], ceilings: Ceilings): void {
  const load = plannedLoad(scenarios);
  const exceeded = exceededCeiling(load, ceilings);
  if (exceeded === undefined) return;
  const { ceiling, planned, limit } = exceeded;
  const says = (what: string, allowed: string): EngineError =>
    new EngineError(
      'target-not-allowed',
      `the run plans ${what}, but allow permits at most ${allowed} (${ceiling}): reduce the planned load.`,
    );
  switch (ceiling) {
    case 'maxUsers':
      throw says(`${planned} users`, String(limit));
    case 'maxDuration':
      throw says(
        Number.isFinite(planned)
          ? `${formatDuration(planned)} of load`
          : 'load without an end (externally-controlled without a duration)',
        formatDuration(limit),
      );
    case 'maxRate':
      if (load.unbounded === undefined) throw says(`up to ${Math.ceil(planned)} requests/s`, `${limit}/s`);
      throw new EngineError(
        'target-not-allowed',
        `allow permits at most ${limit} requests/s (maxRate), but nothing bounds those of scenario ` +
          `${load.unbounded.join(', ')}: it needs demand: { iterationSeconds, requests } with a time above 0, or maxPerSecond of each operation.`,
      );
  }
}
