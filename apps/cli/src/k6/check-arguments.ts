import { CliError, usageError } from '../cli-error.ts';
import type { Ceilings } from '../guard/target-guard.ts';

/** Flags of k6 that are set here, and what to use for them. */
const OURS: Readonly<Record<string, string>> = {
  '--config': 'the options are those of the test; change the load with --profile, --users, --time-scale',
  '-c': 'the options are those of the test; change the load with --profile, --users, --time-scale',
  '--summary-export': 'the summary is written beside the report',
  '--no-setup': 'setup finds out what the target speaks, and logs in',
  '--type': 'the script is that of the test',
  '-t': 'the script is that of the test',
};
/** Flags of k6 that replace the load of the test. */
const LOAD = new Set(['-u', '--vus', '-d', '--duration', '-i', '--iterations', '-s', '--stage']);
/** Variables that say which target is loaded, and as whom: the guard has looked at them. */
const GUARDED = /^(API_URL|JARVIS_.*)$/;

interface Argument {
  readonly name: string;
  readonly value: string | undefined;
}

/** `--vus=5`, `--vus 5`, `-u5`, `-u 5`: as k6 reads them. */
function namesAndValues(args: readonly string[]): readonly Argument[] {
  return args.flatMap((arg, index): readonly Argument[] => {
    if (arg.startsWith('--')) {
      const [name = arg, ...value] = arg.split('=');
      return [{ name, value: value.length > 0 ? value.join('=') : args[index + 1] }];
    }
    if (!/^-[a-zA-Z]/.test(arg)) return [];
    const rest = arg.slice(2).replace(/^=/, '');
    return [{ name: arg.slice(0, 2), value: rest === '' ? args[index + 1] : rest }];
  });
}

/**
 * Refuses arguments of k6 that would get round what was checked: another target, another load than the target's owner
 * allows, another summary than the one that is read.
 *
 * @throws CliError exit 2, or 4 for load beyond what could be checked
 */
export function checkK6Arguments(args: readonly string[], ceilings: Ceilings | undefined): void {
  for (const { name, value } of namesAndValues(args)) {
    const instead = OURS[name];
    if (instead !== undefined) throw usageError('k6-flag', `${name} of k6 cannot be used here`, instead);
    if ((name === '-e' || name === '--env') && GUARDED.test(value?.split('=', 1)[0] ?? ''))
      throw usageError(
        'k6-flag',
        `${name} ${value?.split('=', 1)[0]} would go past the guard of the target`,
        'the flags of jarvis-load: --target, --username, --users, --time-scale, ...',
      );
    if (ceilings !== undefined && LOAD.has(name))
      throw new CliError({
        exit: 'not-allowed',
        code: 'target-ceiling',
        problem: `${name} of k6 replaces the load of the test, which was checked against what the target allows`,
        expected: '--profile, --users and --time-scale on targets that are not this machine',
      });
  }
}

/** Whether the arguments replace the load that the test plans. */
export function replacesLoad(args: readonly string[]): boolean {
  return namesAndValues(args).some(({ name }) => LOAD.has(name));
}
