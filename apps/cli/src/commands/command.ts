import type { Readable } from 'node:stream';
import type { Redactor } from '@jarvis-load/engine';
import { NO_CONFIG_FILE, readConfig, type ConfigFile } from '../config/read-config.ts';
import type { AnyFlagTable, FlagTable } from '../options/flag.ts';
import { resolveSettings, type Conflict } from '../options/resolve-settings.ts';
import type { Console } from '../output/console.ts';
import type { Interruption } from '../run/interruption.ts';
import type { Keyboard } from '../screen/keyboard.ts';

/** What the program gets from the process; the modules of `commands/` do not access `process` themselves. */
export interface ProgramContext extends Console {
  readonly cwd: string;
  /** Arguments after the program's name. */
  readonly argv: readonly string[];
  readonly interruption: Interruption;
  /** The terminal's keys, and its return to the shell. */
  readonly keyboard: Keyboard;
  /** Asks the person at the terminal; undefined without one. */
  readonly ask?: (question: string) => Promise<string>;
  /** Contains the secrets of this process; text from a target must pass through it before it is shown. */
  readonly redactor: Redactor;
  /** Standard input, opened when it is asked for. @default none */
  readonly input?: () => Readable & { readonly isTTY?: boolean };
  /** Registers a child process that is killed when this process exits; returns a function that unregisters it. */
  readonly guardChild: (pid: number) => () => void;
}

/** What a command gets. */
export interface CommandContext extends ProgramContext {
  /** The config file, read once; empty where there is none, and for commands without `--config`. */
  readonly config: ConfigFile;
}

/** A positional argument. */
export interface CommandArgument {
  /** Such as `<run>`; `<run...>` takes several, which the command gets as `rest`, the first one included. */
  readonly name: string;
  readonly description: string;
}

/** One command: its flags, its help, and its code. */
export interface CommandDefinition<Settings extends object> {
  readonly name: string;
  readonly summary: string;
  readonly argument?: CommandArgument;
  /** What is passed to another program, for the help: unknown flags, and all after `--`. Needs an `argument`. */
  readonly passthrough?: string;
  readonly flags: FlagTable<Settings>;
  /** Pairs of flags that exclude each other. */
  readonly conflicts?: readonly Conflict<Settings>[];
  readonly examples: readonly string[];
  /** Resolves with the exit code. `argument` is empty if none was given; `rest`: all of `<run...>`, or what is passed on. */
  readonly run: (
    settings: Settings,
    context: CommandContext,
    argument: string,
    rest: readonly string[],
  ) => Promise<number>;
}

/** A command without the type of its settings. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly argument: CommandArgument | undefined;
  readonly passthrough: string | undefined;
  readonly flags: AnyFlagTable;
  readonly examples: readonly string[];
  /** Reads the settings from all sources and runs the command. */
  readonly execute: (
    commandLine: Readonly<Record<string, readonly string[]>>,
    context: ProgramContext,
    argument: string,
    rest?: readonly string[],
  ) => Promise<number>;
}

/** Defines a command, and checks that its code and its flags have the same settings type. */
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
      if (configFlag === undefined)
        return run(
          resolveSettings(flags, base, conflicts),
          { ...context, config: NO_CONFIG_FILE },
          given,
          rest,
        );
      const { config } = resolveSettings<{ config?: string }>(
        { config: configFlag as FlagTable<{ config?: string }>['config'] },
        base,
      );
      const file = readConfig(config, context.cwd);
      const sources = { ...base, configFile: file.values, configFileName: file.name };
      return run(resolveSettings(flags, sources, conflicts), { ...context, config: file }, given, rest);
    },
  };
}
