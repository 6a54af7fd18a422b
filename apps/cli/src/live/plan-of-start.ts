/**
 * The plan of a run for what the page asked for.
 *
 * Must hold:
 * - Only what the offer has is planned: the request comes from a browser. `CliSession` checks guard and ceilings again.
 * - The load of the request replaces that of flags and config file; objectives and thresholds do where it has them. All
 *   other settings stay, of `--set` those that `setFor` keeps.
 * - `argv` (`loadCommand`) makes the same run without the page: what is added to the plan is added there.
 * - With `ramp` the plan begins with 0 users: the caller sets those of `ramp` (`setUsers`) once the clock of the run has started.
 */
import { LiveError, type LoadRequest, type Offer, type StartRequest } from '@jarvis-load/live';
import { CliError } from '../cli-error.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import { withSourcesOf } from '../options/resolve-settings.ts';
import { thresholds as thresholdKind } from '../options/thresholds.ts';
import type { UiSettings } from '../options/ui-flags.ts';
import { refuseUnfitThresholds } from '../run/thresholds-of-run.ts';
import type { SessionPlan } from '../session/cli-session.ts';
import type { CliSuite } from '../suites/cli-suite.ts';
import { loadCommand } from './load-command.ts';

/** A start that was checked against the offer. */
export interface PlannedStart {
  readonly plan: SessionPlan;
  /** Users that are approached step by step, once the run is on. */
  readonly ramp: { readonly users: number; readonly perSecond: number } | undefined;
  /** What the target allows: users, and requests per second, which iterations per second may not exceed either. */
  readonly ceilings: { readonly users: number; readonly rate: number };
}

/** What a start chooses from. */
export interface StartParts {
  readonly settings: UiSettings;
  readonly offer: Offer;
  readonly suites: readonly [CliSuite, ...CliSuite[]];
  /** The test file as the person named it; empty: there is none. */
  readonly file: string;
  /** Of `ui`. */
  readonly argv: readonly string[];
}

const CHOOSE = 'Choose one of GET /api/offer';

/** @throws LiveError 403 */
export function checkCeiling(what: string, value: number, most: number): void {
  if (value > most)
    throw new LiveError(403, 'ceiling', `${value} ${what} is more than the target allows`, `At most ${most}`);
}

function unknown(code: string, name: string, known: readonly string[]): LiveError {
  return new LiveError(400, code, `Unknown ${code} "${name}"`, `Choose from ${known.join(', ')}`);
}

/** The parts of a load that settings plan, and the steered beginning of one that they do not. */
function plannedLoad(
  load: LoadRequest,
  offered: Offer['suites'][number],
  target: Offer['targets'][number],
): Pick<PlannedStart, 'ramp'> & { settings: LoadSettings; steered?: SessionPlan['steered'] } {
  const length = 'durationMs' in load ? load.durationMs : undefined;
  if (length !== undefined && length > (target.maxDurationMs ?? Number.POSITIVE_INFINITY))
    throw new LiveError(403, 'ceiling', 'The run is longer than the target allows');
  const timed: LoadSettings = length === undefined ? {} : { duration: length };
  switch (load.kind) {
    case 'own':
      if (!offered.ownLoad)
        throw new LiveError(
          400,
          'load',
          `The scenarios of ${offered.name} bring no load`,
          'Choose another kind',
        );
      return { settings: {}, ramp: undefined };
    case 'profile': {
      const { profile, users, timeScale } = load;
      const names = offered.profiles.map(({ name }) => name);
      if (!names.includes(profile)) throw unknown('profile', profile, names);
      if (timeScale !== undefined && length !== undefined)
        throw new LiveError(
          400,
          'load',
          'timeScale and durationMs contradict each other',
          'Give one of them',
        );
      if (users !== undefined) checkCeiling('users', users, target.maxUsers);
      return {
        settings: {
          ...timed,
          profile,
          ...(users === undefined ? {} : { users }),
          ...(timeScale === undefined ? {} : { timeScale }),
        },
        ramp: undefined,
      };
    }
    case 'rate':
      checkCeiling('iterations per second', load.rate, target.maxRate);
      return { settings: timed, steered: { rate: load.rate }, ramp: undefined };
    case 'users': {
      const { users, perSecond } = load;
      checkCeiling('users', users, target.maxUsers);
      const ramp = perSecond !== undefined && perSecond < users ? { users, perSecond } : undefined;
      return { settings: timed, steered: ramp === undefined ? { users } : { users: 0, ramp }, ramp };
    }
  }
}

/** The settings of `--set` for this suite and target. Unknown ones stay for the first suite, so that `chooseTests` refuses them. */
function setFor(
  settings: UiSettings,
  suite: CliSuite,
  isFirst: boolean,
  isMock: boolean,
): LoadSettings['set'] {
  if (settings.set === undefined) return undefined;
  const kept = Object.entries(settings.set).filter(([name]) =>
    name.startsWith('mock.') ? isMock : isFirst || Object.hasOwn(suite.settings ?? {}, name),
  );
  return Object.fromEntries(kept);
}

/** @throws LiveError 400 for what is no threshold, or one of a metric that the scenarios do not have */
function thresholdsFor(
  texts: readonly string[] | undefined,
  settings: UiSettings,
  suite: CliSuite,
  scenarios: readonly string[],
): LoadSettings {
  try {
    const threshold =
      texts === undefined ? settings.threshold : thresholdKind().fromText(texts, 'thresholds');
    if (threshold === undefined) return {};
    const chosen = suite.scenarios.filter(({ name }) => scenarios.includes(name));
    refuseUnfitThresholds(threshold, { scenarios: chosen }, 'thresholds');
    return { threshold };
  } catch (error) {
    if (error instanceof CliError) throw new LiveError(400, 'threshold', error.message, error.next ?? null);
    throw error;
  }
}

/** The plan of the session for a start. @throws LiveError 400 or 403 for what the offer does not have, does not allow, or no threshold */
export function planOfStart(request: StartRequest, parts: StartParts): PlannedStart {
  const { offer, suites, file, settings } = parts;
  const target = offer.targets.find(({ name }) => name === request.target);
  if (target === undefined)
    throw new LiveError(403, 'target', `Target "${request.target}" is not configured`, CHOOSE);
  if (target.refused !== null)
    throw new LiveError(403, 'target', `Target "${request.target}": ${target.refused}`);
  const suiteName = request.suite ?? suites[0].name;
  const suite = suites.find(({ name }) => name === suiteName);
  const offered = offer.suites.find(({ name }) => name === suiteName);
  if (suite === undefined || offered === undefined)
    throw unknown(
      'suite',
      suiteName,
      suites.map(({ name }) => name),
    );
  const isFirst = suite === suites[0];
  const known = offered.scenarios.map(({ name }) => name);
  const byDefault = offered.scenarios.filter((scenario) => scenario.byDefault).map(({ name }) => name);
  const scenarios = request.scenarios ?? (isFirst ? (offer.defaults.scenarios ?? byDefault) : byDefault);
  const wrong = scenarios.find((name) => !known.includes(name));
  if (wrong !== undefined) throw unknown('scenario', wrong, known);
  const sets = [...offered.objectives.map(({ name }) => name), 'none'];
  const objectives = request.objectives ?? (isFirst ? settings.objectives : undefined);
  if (objectives !== undefined && !sets.includes(objectives)) throw unknown('objectives', objectives, sets);
  const load = plannedLoad(request.load, offered, target);
  const set = setFor(settings, suite, isFirst, target.name === 'mock');
  // The request decides on these, not flags and config file.
  const {
    users: _users,
    spawnRate: _spawnRate,
    rate: _rate,
    duration: _duration,
    profile: _profile,
    suite: _suite,
    objectives: _objectives,
    threshold: _threshold,
    set: _set,
    ...others
  } = settings;
  return {
    plan: {
      settings: withSourcesOf<LoadSettings>(settings, {
        ...others,
        target: target.name,
        scenario: scenarios,
        ...(suite.origin === undefined ? { suite: suite.name } : {}),
        ...(objectives === undefined ? {} : { objectives }),
        ...thresholdsFor(request.thresholds, settings, suite, scenarios),
        ...(set === undefined ? {} : { set }),
        ...load.settings,
      }),
      ...(suite.origin === undefined ? {} : { file }),
      argv: loadCommand(
        parts.argv,
        {
          ...request,
          suite: suite.name,
          scenarios,
          thresholds: request.thresholds ?? offer.defaults.thresholds ?? [],
          ...(objectives === undefined ? {} : { objectives }),
        },
        suite.origin === undefined ? undefined : file,
        Object.keys(set ?? {}),
      ),
      ...(load.steered === undefined ? {} : { steered: load.steered }),
    },
    ramp: load.ramp,
    ceilings: { users: target.maxUsers, rate: target.maxRate },
  };
}
