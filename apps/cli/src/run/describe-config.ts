import type { Redactor } from '@jarvis-load/engine';
import type { LoadSettings } from '../options/load-settings.ts';
import { describeShape, type LoadShape } from './load-shape.ts';

/** The settings of a run for its document, without secrets. */
export function describeConfig(
  settings: LoadSettings,
  shape: LoadShape,
  scenarios: readonly string[],
  redactor: Redactor,
): Record<string, unknown> {
  const { tag, set, arrivals, identity, connections, threads, pacing, timeScale, users } = settings;
  const { http2, cookies } = settings;
  const shown = {
    tag,
    set,
    arrivals,
    identity,
    connections,
    threads,
    pacing,
    timeScale,
    users,
    http2,
    cookies,
  };
  return {
    load: describeShape(shape),
    ...(shape.kind === 'profile' ? { profile: shape.profile.name } : {}),
    scenarios,
    objectives: settings.once === true ? 'none' : (settings.objectives ?? 'suite'),
    ...(redactor.json(
      Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined)),
    ) as object),
  };
}
