import { usageError } from '../cli-error.ts';
import { spellings } from '../help/describe-flag.ts';
import { environmentName } from '../options/flag.ts';
import { LOAD_FLAGS } from '../options/load-flags.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import { parseNumber } from '../options/parse-number.ts';

const MOST_RUNS = 100;

/**
 * Flags of `load` with which a run writes no document of its own into the folder that `repeat` names, does not end, or starts at
 * a time that is past for the second run.
 */
const NOT_REPEATED = [
  'reportDir',
  'once',
  'ui',
  'sweep',
  'watch',
  'part',
  'startAt',
] as const satisfies readonly (keyof LoadSettings)[];

/** What `repeat` is asked to do. */
export interface Repetition {
  readonly times: number;
  /** Flags of `load` for each side: one, or two that are run in turns. */
  readonly sides: readonly (readonly string[])[];
}

/**
 * Reads `<n> load <flags> [-- <more flags>]`: the second side has all flags of the first, and more. `once` of the config file
 * has no effect: `--quiet`, which `runLoad` adds, excludes it.
 *
 * @throws CliError exit 2
 */
export function readRepetition(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): Repetition {
  const [count = '', command, ...flags] = words.filter((word, index) => index !== 1 || word !== '--');
  const times = parseNumber(count) ?? Number.NaN;
  const usage = 'npx jarvis-load repeat 5 -- load --target=mock';
  if (!Number.isInteger(times) || times < 2 || times > MOST_RUNS) {
    throw usageError(
      'repeat',
      `"${count}" is no number of runs`,
      `a whole number from 2 to ${MOST_RUNS}`,
      usage,
    );
  }
  if (command !== 'load') {
    throw usageError(
      'repeat',
      command === undefined ? 'nothing to repeat' : `"${command}" cannot be repeated`,
      'load with its flags behind --',
      usage,
    );
  }
  const place = flags.indexOf('--');
  const base = place < 0 ? flags : flags.slice(0, place);
  const sides = place < 0 ? [base] : [base, [...base, ...flags.slice(place + 1)]];
  const names = NOT_REPEATED.flatMap((key) => spellings(key, LOAD_FLAGS[key]));
  const own = sides.flat().find((word) => names.includes(word.split('=', 1)[0]!));
  if (own !== undefined) {
    const expected = own.startsWith('--report-dir') ? 'repeat --report-dir before --' : 'load without it';
    throw usageError('repeat', `${own} cannot be a flag of a repeated load`, expected);
  }
  // The folder of the results is a flag of each run, which wins over its variable.
  const variable = NOT_REPEATED.slice(1)
    .map(environmentName)
    .find((name) => !/^(|0|false|no|off)$/i.test(environment[name] ?? ''));
  if (variable !== undefined) {
    throw usageError('repeat', `${variable} (environment) cannot be set for a repeated load`, 'none');
  }
  return { times, sides };
}
