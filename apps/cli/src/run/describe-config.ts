import type { Redactor } from '@jarvis-load/engine';
import type { AnyFlagTable } from '../options/flag.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import { describeShape, type LoadShape } from './load-shape.ts';

/** What a run did, beside its flags. */
export interface EffectiveSettings {
  readonly shape: LoadShape;
  readonly scenarios: readonly string[];
  /** Name of the set of objectives that it is judged by. */
  readonly objectives: string;
}

/**
 * The settings of a run for its document, without secrets: every flag that was set, as the config file takes it, unless
 * the flag says why not; and what the run made of them. `merge` reads `part` and `startAt` of it.
 */
export function describeConfig(
  settings: LoadSettings,
  flags: AnyFlagTable,
  { shape, scenarios, objectives }: EffectiveSettings,
  redactor: Redactor,
): Record<string, unknown> {
  const given = Object.entries(settings).flatMap(([key, value]: [string, unknown]) => {
    const flag = flags[key];
    if (flag === undefined || flag.notInDocument !== undefined || value === undefined) return [];
    const shown = flag.kind.toConfig?.(value) ?? value;
    // Names of `name=value` flags may be those of secrets; a threshold on `time_to_first_token` is none.
    return [[key, flag.kind.merge === undefined ? redactor.texts(shown) : redactor.json(shown)]];
  });
  return {
    load: describeShape(shape),
    ...Object.fromEntries(given),
    ...(shape.kind === 'profile' ? { profile: shape.profile.name } : {}),
    scenarios,
    objectives,
  };
}
