import { CapacitySearch, isUnproven, type CapacityReport, type SearchOptions } from '@jarvis-load/capacity';
import { capacityPlanText } from '../capacity/capacity-plan-text.ts';
import { unusedLoadNote } from '../capacity/unused-load-note.ts';
import { runSteps } from '../capacity/search-and-report.ts';
import { usageError } from '../cli-error.ts';
import { exitCode, type ExitName } from '../exit-codes.ts';
import { CAPACITY_FLAGS, type CapacitySettings } from '../options/capacity-flags.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import { LIMITS } from '../options/limits.ts';
import { withSourcesOf, writtenAs } from '../options/resolve-settings.ts';
import { TARGET_CONFLICTS } from '../options/load-conflicts.ts';
import { chooseTests } from '../run/choose-tests.ts';
import { refuseUnfitThresholds } from '../run/thresholds-of-run.ts';
import { defineCommand } from './command.ts';

const DEFAULTS = { from: 10, precision: 0.05, stepMs: 15_000, confirmMs: 60_000 };

/** `capacity`: the highest load at which every promise holds. */
export const capacity = defineCommand<CapacitySettings>({
  name: 'capacity',
  summary: 'Searches for the highest rate, or number of users, at which all objectives and thresholds hold',
  argument: {
    name: '[file]',
    description: 'A file of tests of your own, such as ./shop.ts; without one: the Jarvis suite',
  },
  flags: CAPACITY_FLAGS,
  conflicts: [...TARGET_CONFLICTS, ['users', 'arrivals'], ['users', 'maxVus']],
  examples: [
    'npx jarvis-load capacity --target=mock --scenario=chat-user',
    'npx jarvis-load capacity --target=mock --users --from=20 --dry-run',
    "npx jarvis-load capacity --target=mock --objectives=none --threshold='p(99)<300' --arrivals=poisson --precision=2%",
  ],
  async run(settings, context, file) {
    const search = searchOptions(settings);
    const repeat = settings.repeat ?? 1;
    const load = loadSettings(settings);
    const unused = unusedLoadNote(context.config);
    if (unused !== undefined) context.err.write(`${unused}\n`);
    const tests = await chooseTests(load, context.cwd, file);
    refuseUnfitThresholds(load.threshold ?? {}, tests, writtenAs(settings, 'threshold'));
    if (settings.dryRun === true) {
      context.out.write(capacityPlanText(search, repeat));
      return exitCode('pass');
    }
    const report = await runSteps({
      mode: 'search',
      unit: search.unit,
      settings: load,
      tests,
      precision: search.precision,
      longest: { durationMs: Math.max(search.stepMs, search.confirmMs), flags: '--step or --confirm' },
      sources: Array.from({ length: repeat }, () => new CapacitySearch(search)),
      context,
    });
    return exitCode(exitOf(report));
  },
});

function searchOptions(settings: CapacitySettings): SearchOptions {
  const { from = DEFAULTS.from, precision = DEFAULTS.precision } = settings;
  const unit = settings.users === true ? 'users' : 'rate';
  const to = settings.to ?? (unit === 'users' ? LIMITS.users : LIMITS.ratePerSecond);
  if (to < from) {
    throw usageError(
      'capacity-range',
      `${writtenAs(settings, 'to')} is ${to}, and the first level is ${from}`,
      'a range from the first level upwards',
      'lower --from, or raise --to',
    );
  }
  if (unit === 'users' && !(Number.isInteger(from) && Number.isInteger(to))) {
    throw usageError('capacity-range', `--users: ${from} to ${to} are no numbers of users`, 'whole numbers');
  }
  return {
    unit,
    from,
    to,
    precision,
    stepMs: settings.step ?? DEFAULTS.stepMs,
    confirmMs: settings.confirm ?? DEFAULTS.confirmMs,
  };
}

/** The settings of each run, without those of the search. */
function loadSettings(settings: CapacitySettings): LoadSettings {
  const {
    users: _u,
    from: _f,
    to: _t,
    precision: _p,
    step: _s,
    confirm: _c,
    repeat: _r,
    dryRun: _d,
    ...load
  } = settings;
  return withSourcesOf(settings, load);
}

/** 99 if no level of a search holds; else 98 if a search has no answer, or the run that confirms one proves nothing. */
function exitOf({ rounds }: CapacityReport): ExitName {
  const kinds = rounds.map(({ answer }) => answer?.kind);
  if (kinds.includes('none')) return 'failed';
  if (rounds.some(isUnproven)) return 'not-valid';
  return kinds.every((kind) => kind === 'found' || kind === 'at-least') ? 'pass' : 'not-valid';
}
