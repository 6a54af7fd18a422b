import { spellings } from '../help/describe-flag.ts';
import { environmentName, flagName, type AnyFlagTable } from '../options/flag.ts';
import { LOAD_FLAGS } from '../options/load-flags.ts';
import { describeCommand } from '../secrets/command-line.ts';
import type { Redactor } from '@jarvis-load/engine';
import type { CommandContext } from '../commands/command.ts';

/** Environment settings as flags, so that the command gives the same run elsewhere. Secrets and `MODE` are left out. */
function argumentsFromEnvironment(context: CommandContext, flags: AnyFlagTable): string[] {
  const added: string[] = [];
  for (const [key, flag] of Object.entries(flags)) {
    const name = `--${flagName(key)}`;
    const names = spellings(key, flag);
    const typed = context.argv.some((argument) =>
      names.some((each) =>
        each.startsWith('--') ? argument.split('=', 1)[0] === each : argument.startsWith(each),
      ),
    );
    if (typed || flag.secret === true || flag.fromLegacy !== undefined) continue;
    const own = context.environment[environmentName(key)];
    const text = own || (flag.legacyEnvironment && context.environment[flag.legacyEnvironment]);
    if (text) added.push(flag.kind.placeholder === undefined ? name : `${name}=${text}`);
  }
  return added;
}

/** A command line that repeats a run: the given arguments, the environment settings, and the seed. */
export function reproducingCommand(
  context: CommandContext,
  seed: number,
  redactor: Redactor,
  flags: AnyFlagTable = LOAD_FLAGS,
): string {
  // Arguments after a bare `--` belong to another program: insert ours before it.
  const end = context.argv.includes('--') ? context.argv.indexOf('--') : context.argv.length;
  const argv = context.argv.toSpliced(end, 0, ...argumentsFromEnvironment(context, flags));
  const own = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const seeded = argv
    .slice(0, own)
    .some((argument) => argument === '--seed' || argument.startsWith('--seed='));
  const all = seeded ? argv : argv.toSpliced(own, 0, `--seed=${seed}`);
  return describeCommand(all, flags, redactor);
}
