import type { Tags } from '../model/scenario.ts';
import { undeclaredMetric, wrongTags } from './misuse.ts';
import type { UserHost } from './user-host.ts';

/**
 * Adds a value to a metric of the scenario; outside of phase `run` nothing is counted.
 * @throws EngineError `invalid-scenario` for tags that are no object, and in phase `run` for a metric that is not declared
 */
export function recordMetric(
  { recorder, phase, scenario }: UserHost,
  metric: string,
  value: number,
  tags: Tags | undefined,
): void {
  if (tags !== undefined && (typeof tags !== 'object' || (tags as unknown) === null))
    throw wrongTags(scenario.name, metric, tags);
  if (phase !== 'run' || recorder === undefined) return;
  if (!recorder.metric(scenario.index, metric, value, tags)) throw undeclaredMetric(scenario, metric);
}
