import type { Redactor } from '@jarvis-load/engine';
import { readConfig } from '../config/read-config.ts';
import type { AnyFlagTable, FlagTable } from '../options/flag.ts';
import { resolveSettings, type Conflict } from '../options/resolve-settings.ts';
import type { Console } from '../output/console.ts';
import type { Interruption } from '../run/interruption.ts';

/** What a command gets from the process; nothing in a command reaches for the process itself. */
export interface CommandContext extends Console {
  readonly cwd: string;
  /** Arguments after the program's name. */
  readonly argv: readonly string[];
  readonly interruption: Interruption;
  /** Knows the secrets of this process: nothing of a target is shown without it. */
  readonly redactor: Redactor;
  /** Called with the id of a child that must not outlive this process; returns how to take that back. */
  readonly guardChild: (pid: number) => () => void;
}

/** An argument without a name. */
export interface CommandArgument {
  /** Such as `<run>`. */
  readonly name: string;
  readonly description: string;
}

/** One command: its flags, its help, and what it does. */
export interface CommandDefinition<Settings extends object> {
  readonly name: string;
  readonly summary: string;
  readonly argument?: CommandArgument;
  /** What it hands on to another program: arguments that it does not know, and all behind `--`. Needs an argument. */
  readonly passthrough?: string;
  readonly flags: FlagTable<Settings>;
  /** Flags that contradict each other. */
  readonly conflicts?: readonly Conflict<Settings>[];
  readonly examples: readonly string[];
  /** Resolves with the exit code. */
  readonly run: (
    settings: Settings,
    context: CommandContext,
    argument: string,
    rest: readonly string[],
  ) => Promise<number>;
}

/** A command as the program knows it, the type of its settings aside. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly argument: CommandArgument | undefined;
  readonly passthrough: string | undefined;
  readonly flags: AnyFlagTable;
  readonly examples: readonly string[];
  /** Reads the settings from all sources and runs. */
  readonly execute: (
    commandLine: Readonly<Record<string, readonly string[]>>,
    context: CommandContext,
    argument: string,
    rest?: readonly string[],
  ) => Promise<number>;
}

/** Makes a command, which keeps the types of its flags and of its code together. */
export function defineCommand<Settings extends object>(
  definition: CommandDefinition<Settings>,
): CommandEntry {
  const { name, summary, argument, passthrough, flags, examples, conflicts, run } = definition;
  const table = flags as unknown as AnyFlagTable;
  return {
    name,
    summary,
    argument,
    passthrough,
    flags: table,
    examples,
    async execute(commandLine, context, given, rest = []) {
      const base = { commandLine, environment: context.environment, configFile: {}, configFileName: '' };
      const configFlag = table['config'];
      if (configFlag === undefined) return run(resolveSettings(flags, base, conflicts), context, given, rest);
      const { config } = resolveSettings<{ config?: string }>(
        { config: configFlag as FlagTable<{ config?: string }>['config'] },
        base,
      );
      const file = readConfig(config, context.cwd);
      const sources = { ...base, configFile: file.values, configFileName: file.name };
      return run(resolveSettings(flags, sources, conflicts), context, given, rest);
    },
  };
}
