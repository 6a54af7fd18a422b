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
  const exceeded = exceededCeiling(plannedLoad(scenarios), ceilings);
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
      throw says(
        Number.isFinite(planned)
          ? `up to ${Math.ceil(planned)} requests/s`
          : 'any number of requests/s (a scenario does not declare its demand)',
        `${limit}/s`,
      );
  }
}
