import { spellings } from '../help/describe-flag.ts';
import { occurrencesIn } from '../options/resolve-settings.ts';
import { environmentName, flagName, type AnyFlagTable, type Flag } from '../options/flag.ts';
import { LOAD_FLAGS } from '../options/load-flags.ts';
import { describeCommand } from '../secrets/command-line.ts';
import type { Redactor } from '@jarvis-load/engine';
import type { CommandContext } from '../commands/command.ts';

/**
 * Environment settings as flags, so that the command gives the same run elsewhere. Secrets and `MODE` are left out.
 * @returns `below`: what typed flags of the same name are merged into, to stand before them
 */
function argumentsFromEnvironment(context: CommandContext, settings: object, flags: AnyFlagTable) {
  const below: string[] = [];
  const added: string[] = [];
  const effective = settings as Readonly<Record<string, unknown>>;
  for (const [key, flag] of Object.entries(flags)) {
    const name = `--${flagName(key)}`;
    const names = spellings(key, flag);
    const typed = context.argv.some((argument) =>
      names.some((each) =>
        each.startsWith('--') ? argument.split('=', 1)[0] === each : argument.startsWith(each),
      ),
    );
    // A switch that is off, or a value that lost against one it contradicts.
    if (effective[key] === undefined || effective[key] === false) continue;
    const isMerged = flag.kind.merge !== undefined;
    if ((typed && !isMerged) || flag.secret === true || flag.fromLegacy !== undefined) continue;
    const own = context.environment[environmentName(key)];
    const text = own || (flag.legacyEnvironment && context.environment[flag.legacyEnvironment]);
    if (!text) continue;
    const occurrences = occurrencesIn(flag, text).filter((each) => isKept(flag, each, effective[key]));
    if (flag.kind.placeholder === undefined) added.push(name);
    else (typed ? below : added).push(...occurrences.map((each) => `${name}=${each}`));
  }
  return { below, added };
}

/** Whether the settings still have what an occurrence sets by name: a start at the page leaves out what its target or suite has not. */
function isKept({ kind }: Flag<unknown>, text: string, effective: unknown): boolean {
  if (typeof effective !== 'object' || effective === null || Array.isArray(effective)) return true;
  const set = kind.fromText([text], 'the environment') as object;
  return Object.keys(set).every((name) => Object.hasOwn(effective, name));
}

/** A command line that repeats a run where the same config file is: the given arguments, the environment settings, and the seed. */
export function reproducingCommand(
  context: CommandContext,
  settings: object,
  seed: number,
  redactor: Redactor,
  flags: AnyFlagTable = LOAD_FLAGS,
): string {
  // Arguments after a bare `--` belong to another program: insert ours before it.
  const end = context.argv.includes('--') ? context.argv.indexOf('--') : context.argv.length;
  const { below, added } = argumentsFromEnvironment(context, settings, flags);
  const argv = context.argv.toSpliced(end, 0, ...added).toSpliced(1, 0, ...below);
  const own = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const seeded = argv
    .slice(0, own)
    .some((argument) => argument === '--seed' || argument.startsWith('--seed='));
  const all = seeded ? argv : argv.toSpliced(own, 0, `--seed=${seed}`);
  return describeCommand(all, flags, redactor);
}
