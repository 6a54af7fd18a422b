import type { SuiteScenario } from '@jarvis-load/engine';
import type { Offer } from '@jarvis-load/live';
import type { ConfigTarget } from '../config/config-schema.ts';
import type { ConfigFile } from '../config/read-config.ts';
import { parseDurationMs } from '../options/duration.ts';
import { LIMITS } from '../options/limits.ts';
import type { UiSettings } from '../options/ui-flags.ts';
import { profilesOf, suiteNamed } from '../suites/suites.ts';
import { LOCAL_URL } from '../target/resolve-target.ts';

const UNLIMITED = {
  maxUsers: LIMITS.users,
  maxRate: LIMITS.ratePerSecond,
  maxDurationMs: null,
  refused: null,
};

/** Why a configured target cannot be started now; the guard of the start has the last word. */
function refusal({ url }: ConfigTarget, confirmTarget: string | undefined): string | null {
  const { hostname, port, protocol } = new URL(url);
  if (/^(localhost|127\..*|\[::1\])$/.test(hostname)) return null;
  const place = `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
  return confirmTarget?.toLowerCase() === place ? null : `start ui with --confirm-target=${place}`;
}

/** What a start at the page may choose from: the mock, the local API, and the targets of the config file. */
export function startOffer(settings: UiSettings, config: ConfigFile): Offer {
  const suite = suiteNamed(settings.suite);
  const targets: Offer['targets'] = [
    { name: 'mock', url: null, ...UNLIMITED },
    { name: 'local', url: LOCAL_URL, ...UNLIMITED },
    ...Object.entries(config.targets).map(([name, target]) => ({
      name,
      url: target.url,
      maxUsers: target.maxUsers,
      maxRate: target.maxRate,
      maxDurationMs: parseDurationMs(String(target.maxDuration)) ?? null,
      refused: refusal(target, settings.confirmTarget),
    })),
  ];
  return {
    // The one of --target first: the form starts with it.
    targets: targets.toSorted(
      (a, b) => Number(b.name === settings.target) - Number(a.name === settings.target),
    ),
    scenarios: suite.scenarios.map(({ name, description = '', byDefault = true }: SuiteScenario) => ({
      name,
      description,
      byDefault,
    })),
    profiles: profilesOf(suite).map(({ name, description, durationMs }) => ({
      name,
      description,
      durationMs,
    })),
  };
}
