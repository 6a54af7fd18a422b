import type { FlagTable } from '../options/flag.ts';
import type { Console } from '../output/console.ts';
import type { Interruption } from '../run/interruption.ts';

/** What a command gets from the process; nothing in a command reaches for the process itself. */
export interface CommandContext extends Console {
  readonly cwd: string;
  /** Arguments after the program's name. */
  readonly argv: readonly string[];
  readonly interruption: Interruption;
  /** Called with the id of a child that must not outlive this process; returns how to take that back. */
  readonly guardChild: (pid: number) => () => void;
}

/** One command: its flags, its help, and what it does. Resolves with the exit code. */
export interface CommandDefinition<Settings extends object> {
  readonly name: string;
  readonly summary: string;
  /** An argument without a name, such as `<run>`. */
  readonly argument?: { readonly name: string; readonly description: string };
  readonly flags: FlagTable<Settings>;
  readonly examples: readonly string[];
  readonly run: (settings: Settings, context: CommandContext, argument: string) => Promise<number>;
}

/** Keeps the type of a command's settings between its flags and its code. */
export function defineCommand<Settings extends object>(
  definition: CommandDefinition<Settings>,
): CommandDefinition<Settings> {
  return definition;
}
