import { environmentName, flagName } from '../options/flag.ts';
import { LOAD_FLAGS } from '../options/load-flags.ts';
import { describeCommand } from '../secrets/command-line.ts';
import type { Redactor } from '../secrets/redact.ts';
import type { CommandContext } from '../commands/command.ts';

/** What of the environment the command needs on its own line to mean the same elsewhere; secrets and `MODE` are not. */
function argumentsFromEnvironment(context: CommandContext): string[] {
  const added: string[] = [];
  for (const [key, flag] of Object.entries(LOAD_FLAGS)) {
    const name = `--${flagName(key)}`;
    const typed = context.argv.some((argument) =>
      [name, `--${flag.alias ?? flagName(key)}`].includes(argument.split('=', 1)[0] ?? ''),
    );
    if (typed || flag.secret === true || flag.fromLegacy !== undefined) continue;
    const own = context.environment[environmentName(key)];
    const text = own || (flag.legacyEnvironment && context.environment[flag.legacyEnvironment]);
    if (text) added.push(flag.kind.placeholder === undefined ? name : `${name}=${text}`);
  }
  return added;
}

/** A command line that repeats a run: what was typed, what the environment said, and the seed. */
export function reproducingCommand(context: CommandContext, seed: number, redactor: Redactor): string {
  const argv = [...context.argv, ...argumentsFromEnvironment(context)];
  const seeded = argv.some((argument) => argument === '--seed' || argument.startsWith('--seed='));
  return describeCommand(seeded ? argv : [...argv, `--seed=${seed}`], LOAD_FLAGS, redactor);
}
