import type { ScenarioDefinition } from '../model/scenario.ts';

/** Gives a scenario its types; returns it unchanged. */
export function defineScenario<Shared = undefined, State = undefined>(
  definition: ScenarioDefinition<Shared, State>,
): ScenarioDefinition<Shared, State> {
  return definition;
}
