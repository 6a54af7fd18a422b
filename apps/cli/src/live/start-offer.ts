/**
 * What a start at the page may choose from. `planOfStart` takes nothing else, and the guard still has the last word: the
 * offer does not look at expiry dates or resolve names.
 */
import type { SuiteScenario } from '@jarvis-load/engine';
import type { LoadRequest, Offer, StartRequest, SuiteOffer } from '@jarvis-load/live';
import type { ConfigTarget } from '../config/config-schema.ts';
import type { ConfigFile } from '../config/read-config.ts';
import { usageError } from '../cli-error.ts';
import { confirmedBy } from '../guard/target-guard.ts';
import { parseDurationMs } from '../options/duration.ts';
import { LIMITS } from '../options/limits.ts';
import { writtenAs } from '../options/resolve-settings.ts';
import type { UiSettings } from '../options/ui-flags.ts';
import { profileNamed } from '../run/load-shape.ts';
import { chooseScenarios } from '../run/scenarios.ts';
import { defaultObjectiveSet, profilesOf, titleOf } from '../suites/suites.ts';
import type { CliSuite } from '../suites/cli-suite.ts';
import { LOCAL_URL, resolveTarget } from '../target/resolve-target.ts';

type TargetOffer = Offer['targets'][number];

const UNLIMITED = {
  maxUsers: LIMITS.users,
  maxRate: LIMITS.ratePerSecond,
  maxDurationMs: null,
  refused: null,
};
const USUAL_USERS = 10;

const isLoopback = (hostname: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);

/** Why a configured target cannot be started now; the guard of the start has the last word. */
function refusal({ url }: ConfigTarget, confirmTarget: string | undefined): string | null {
  const { hostname, port, protocol } = new URL(url);
  if (isLoopback(hostname)) return null;
  const place = `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
  return confirmedBy(confirmTarget).includes(place) ? null : `start ui with --confirm-target=${place}`;
}

function configured(name: string, target: ConfigTarget, settings: UiSettings): TargetOffer {
  return {
    name,
    url: target.url,
    maxUsers: target.maxUsers,
    maxRate: target.maxRate,
    maxDurationMs: parseDurationMs(String(target.maxDuration)) ?? null,
    refused: refusal(target, settings.confirmTarget),
  };
}

/**
 * The address of `--target`: one of this machine, or one that a target of the config file covers.
 * @throws CliError exit 2 for another
 */
function addressOffer(given: string, settings: UiSettings, config: ConfigFile): TargetOffer {
  const { url, permission } = resolveTarget(given, config, writtenAs(settings, 'target'));
  if (permission !== undefined) return { ...configured(given, permission, settings), url: given };
  if (url !== undefined && isLoopback(url.hostname)) return { name: given, url: given, ...UNLIMITED };
  throw usageError(
    'target-name',
    `${writtenAs(settings, 'target')}: "${given}" is not configured`,
    `an address of this machine, or one of ${['mock', 'local', ...Object.keys(config.targets)].join(', ')}`,
    'other targets go into "targets" of jarvis-load.config.json',
  );
}

function targetsOf(settings: UiSettings, config: ConfigFile): TargetOffer[] {
  const named = [
    { name: 'mock', url: null, ...UNLIMITED },
    { name: 'local', url: LOCAL_URL, ...UNLIMITED },
    ...Object.entries(config.targets).map(([name, target]) => configured(name, target, settings)),
  ];
  const { target } = settings;
  if (target === undefined) return named;
  const first = named.find(({ name }) => name === target) ?? addressOffer(target, settings, config);
  return [first, ...named.filter((each) => each !== first)];
}

function suiteOffer(suite: CliSuite): SuiteOffer {
  const scenarios: readonly SuiteScenario[] = suite.scenarios;
  return {
    name: suite.name,
    description: suite.origin === undefined ? titleOf(suite) : 'the test file of the command line',
    scenarios: scenarios.map(({ name, description = '', byDefault = true }) => ({
      name,
      description,
      byDefault,
    })),
    ownLoad: scenarios.some(({ executor }) => executor !== undefined),
    profiles: profilesOf(suite).map(({ name, description, durationMs }) => ({
      name,
      description,
      durationMs,
    })),
    objectives: Object.entries(suite.objectives ?? {}).map(([name, { description }]) => ({
      name,
      description,
    })),
  };
}

/** The load that the settings ask for. */
function loadOf(settings: UiSettings, chosen: readonly SuiteScenario[]): LoadRequest {
  const { users, spawnRate, rate, duration, profile } = settings;
  const length = duration === undefined ? {} : { durationMs: duration };
  if (profile !== undefined)
    return { kind: 'profile', profile, ...(users === undefined ? {} : { users }), ...length };
  if (rate !== undefined) return { kind: 'rate', rate, ...length };
  const asks = users ?? spawnRate ?? duration;
  if (asks === undefined && chosen.some(({ executor }) => executor !== undefined)) return { kind: 'own' };
  return {
    kind: 'users',
    users: users ?? USUAL_USERS,
    ...(spawnRate === undefined ? {} : { perSecond: spawnRate }),
    ...length,
  };
}

/**
 * What a start at the page may choose from: the mock, the local API, the targets of the config file and the address of
 * `--target`; suites, the first of them by default.
 *
 * @throws CliError exit 2 for a target that is not configured, an unknown scenario or profile
 */
export function startOffer(
  settings: UiSettings,
  config: ConfigFile,
  suites: readonly [CliSuite, ...CliSuite[]],
): Offer {
  const [suite] = suites;
  const targets = targetsOf(settings, config);
  const scenarios = chooseScenarios(settings.scenario, writtenAs(settings, 'scenario'), suite);
  if (settings.profile !== undefined) profileNamed(settings, suite);
  const defaults: StartRequest = {
    target: targets.find(({ refused }) => refused === null)?.name ?? 'mock',
    suite: suite.name,
    ...(scenarios.length === 0 ? {} : { scenarios: scenarios.map(({ name }) => name) }),
    load: loadOf(settings, scenarios),
    objectives: settings.objectives ?? defaultObjectiveSet(suite),
    thresholds: Object.entries(settings.threshold ?? {}).flatMap(([metric, expressions]) =>
      expressions.map((expression) => `${metric}:${expression}`),
    ),
  };
  return { targets, suites: suites.map(suiteOffer), defaults };
}
