/**
 * The command line of `load` that repeats a run of the page without the page; it goes into the document of that run, with what
 * `reproducingCommand` adds: variables and the seed.
 */
import type { LoadRequest, StartRequest } from '@jarvis-load/live';
import { spellings } from '../help/describe-flag.ts';
import { flagName, type AnyFlagTable } from '../options/flag.ts';
import { formatDuration } from '../options/duration.ts';
import { UI_FLAGS, type UiSettings } from '../options/ui-flags.ts';

/** What a start chooses, which `planOfStart` takes out of the settings as well, and what only a page has. */
const LEFT_OUT: ReadonlySet<string> = new Set<keyof UiSettings>([
  'target',
  'suite',
  'scenario',
  'profile',
  'users',
  'spawnRate',
  'rate',
  'duration',
  'objectives',
  'threshold',
  'uiPort',
  'uiHost',
  'open',
]);

/** The flags of the command line that a start does not replace; of `--set` only those of the named settings. */
function keptFlags(words: readonly string[], settings: readonly string[]): string[] {
  const flags = Object.entries(UI_FLAGS as AnyFlagTable);
  const kept: string[] = [];
  for (let place = 0; place < words.length; place++) {
    const word = words[place]!;
    const [name = ''] = word.split('=', 1);
    const [key, flag] =
      flags.find(([each, definition]) =>
        spellings(each, definition).some((spelling) =>
          spelling.startsWith('--') ? spelling === name : word.startsWith(spelling),
        ),
      ) ?? [];
    if (key === undefined || flag === undefined) continue;
    const takesNext = flag.kind.placeholder !== undefined && !word.includes('=') && word.startsWith('--');
    const value = takesNext ? words[++place] : undefined;
    if (key === 'set' && !settings.includes(settingNamed(value ?? word.slice(name.length + 1)))) continue;
    if (!LEFT_OUT.has(key)) kept.push(word, ...(value === undefined ? [] : [value]));
  }
  return kept;
}

/** The name in `name=value`. */
function settingNamed(text: string): string {
  return text.split('=', 1)[0]!.trim();
}

function loadFlags(load: LoadRequest): string[] {
  const flag = (key: string, value: string | number | undefined): string[] =>
    value === undefined ? [] : [`--${flagName(key)}=${value}`];
  const length = 'durationMs' in load ? load.durationMs : undefined;
  const duration = flag('duration', length === undefined ? undefined : formatDuration(length));
  switch (load.kind) {
    case 'own':
      return [];
    case 'profile':
      return [
        ...flag('profile', load.profile),
        ...flag('users', load.users),
        ...flag('timeScale', load.timeScale),
        ...duration,
      ];
    case 'rate':
      return [...flag('rate', load.rate), ...duration];
    case 'users':
      return [...flag('users', load.users), ...flag('spawnRate', load.perSecond), ...duration];
  }
}

/**
 * The command line of `load` with the same load as a start at the page, until that is changed by hand.
 *
 * @param argv of `ui`
 * @param start with scenarios and thresholds, as it runs
 * @param file the test file, if its scenarios were chosen
 * @param settings names of those that this suite and target have; others of `--set` are left out, as `load` refuses them
 */
export function loadCommand(
  argv: readonly string[],
  start: StartRequest,
  file: string | undefined,
  settings: readonly string[],
): readonly string[] {
  const { target, suite, scenarios = [], objectives, thresholds = [], load } = start;
  return [
    'load',
    ...(file === undefined ? [] : [file]),
    `--target=${target}`,
    ...(file === undefined && suite !== undefined ? [`--suite=${suite}`] : []),
    `--scenario=${scenarios.join(',')}`,
    ...loadFlags(load),
    ...(objectives === undefined ? [] : [`--objectives=${objectives}`]),
    ...thresholds.map((text) => `--threshold=${text}`),
    ...keptFlags(argv.slice(1), settings),
  ];
}
