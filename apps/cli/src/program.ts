/**
 * The commands and their flags as a program of commander, which reads names and occurrences only.
 *
 * Must hold:
 * - A program reads one command line: occurrences of flags stay in it.
 * - Values stay text here: `CommandEntry.execute` parses them together with environment and config file.
 * - Commander writes no errors: they are thrown, `main.ts` turns them into ours (`fromCommander`) and prints them.
 * - A variable `JARVIS_LOAD_...` that belongs to no flag is named in the call of `unknownVariables`, or people are warned of it.
 */
import { nearestName } from '@jarvis-load/engine';
import { Command, CommanderError, Help, Option } from 'commander';
import { OUTPUT_VARIABLES } from '@jarvis-load/outputs';
import { usageError } from './cli-error.ts';
import type { CommandEntry, ProgramContext } from './commands/command.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { unknownVariables } from './options/unknown-variables.ts';
import { flagName, type AnyFlagTable } from './options/flag.ts';
import { LAST_LINES_VARIABLE } from './run/last-lines.ts';
import { REPEATED_VARIABLE } from './run/repeated-run.ts';
import { describeFlag, spellings } from './help/describe-flag.ts';
import { ADVANCED, flagGroups, inGroupOrder } from './help/flag-groups.ts';
import { foreignFlag } from './help/foreign-flags.ts';
import { inspectCommand } from './help/inspect-flag.ts';
import { HELP_COLUMNS } from './help/help-request.ts';

/** Adds the flags of a table. Values stay text, because they are parsed together with the other sources. */
function addFlags(command: Command, table: AnyFlagTable, isFull: boolean): void {
  const groups = flagGroups(Object.keys(table));
  for (const key of inGroupOrder(Object.keys(table))) {
    const flag = table[key]!;
    const { placeholder } = flag.kind;
    // One list for all spellings, so that the last typed one is the last.
    const typed: string[] = [];
    const collect = (value: string): readonly string[] => {
      typed.push(value);
      return typed;
    };
    const description = describeFlag(key, flag, isFull);
    const make = (name: string): Option => {
      if (placeholder === undefined) return new Option(name, description);
      const isOptional = placeholder.startsWith('[');
      const option = new Option(`${name} ${isOptional ? '[value]' : '<value>'}`, description);
      option.flags = `${name} ${placeholder}`;
      // The preset stands for a flag without its value; it is no default to be shown.
      if (isOptional) option.presetArg = '';
      return option.argParser(collect);
    };
    const heading = groups?.get(key) ?? 'Options:';
    for (const [place, name] of spellings(key, flag).entries()) {
      const option = make(name).helpGroup(heading);
      const isHidden = place > 0 || (heading === ADVANCED && !isFull);
      command.addOption(isHidden ? option.hideHelp() : option);
    }
  }
}

/** Commander stores `--no-live` as `live` = false, and any other flag under its name in camel case. */
function readOption(options: Readonly<Record<string, unknown>>, name: string): readonly string[] {
  if (name.startsWith('no-')) return options[camel(name.slice(3))] === false ? ['true'] : [];
  const value = options[camel(name)];
  if (Array.isArray(value)) return value as readonly string[];
  return value === true ? ['true'] : [];
}

function camel(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function readCommandLine(table: AnyFlagTable, options: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(
    Object.entries(table).map(([key, flag]) => [
      key,
      // Each spelling that was typed has the occurrences of all of them.
      [flagName(key), ...(flag.aliases ?? [])]
        .map((name) => readOption(options, name))
        .find((typed) => typed.length > 0) ?? [],
    ]),
  );
}

/** Wraps text that stands behind `indent` columns. */
function wrapped(text: string, indent = 0): string {
  return new Help().boxWrap(text, HELP_COLUMNS - indent).replaceAll('\n', `\n${' '.repeat(indent)}`);
}

/** The table of exit codes, as the help prints it. */
function exitCodeHelp(): string {
  const lines = EXIT_CODES.map(({ code, meaning }) => `  ${String(code).padEnd(4)} ${wrapped(meaning, 7)}`);
  return `\nExit codes:\n${lines.join('\n')}`;
}

/** What else there is to ask for, below the flags of a command that shows only some of its flags. */
function moreHelp(definition: CommandEntry, isFull: boolean): string {
  const groups = flagGroups(Object.keys(definition.flags));
  if (groups === undefined || isFull) return '';
  const hidden = [...groups.values()].filter((heading) => heading === ADVANCED).length;
  return `\n${hidden} more flags, and the variable of each flag: npx jarvis-load ${definition.name} --help=all`;
}

/** Result of running the program. */
export interface ProgramResult {
  exitCode: number;
}

/**
 * Builds the program from its commands. The executed command sets its exit code in `result`.
 *
 * @param isFull whether the help shows the advanced flags, too
 */
export function buildProgram(
  commands: readonly CommandEntry[],
  context: ProgramContext,
  version: string,
  result: ProgramResult,
  isFull = false,
): Command {
  const program = new Command('jarvis-load')
    .description(
      'Load tests for the Jarvis API and for tests of your own: latency from the intended start, a verdict, reports.',
    )
    .version(version, '--version', 'prints the version')
    .helpOption('-h, --help', 'shows this help')
    .configureOutput({
      writeOut: (text) => void context.out.write(text),
      writeErr: () => undefined, // Suppressed, because main prints errors itself.
    })
    .configureHelp({ helpWidth: HELP_COLUMNS, optionDescription: ({ description }) => description })
    .exitOverride()
    .addHelpText('after', exitCodeHelp())
    .addHelpText(
      'after',
      '\nEvery flag has an environment variable. Precedence: flag, JARVIS_LOAD_<FLAG>, variables of the old\nsuite, config file, default.\nFirst run: npx jarvis-load load --target=mock',
    );
  for (const definition of commands) {
    const command = program
      .command(definition.name)
      .description(definition.summary)
      .helpOption('-h, --help', 'shows this help')
      .exitOverride()
      .allowExcessArguments(false)
      .addHelpText('after', moreHelp(definition, isFull))
      .addHelpText('after', `\nExamples:\n${definition.examples.map((line) => `  ${line}`).join('\n')}`)
      .addHelpText('after', exitCodeHelp());
    if (definition.argument !== undefined)
      command.argument(definition.argument.name, definition.argument.description);
    if (definition.passthrough !== undefined)
      command
        .allowUnknownOption()
        .allowExcessArguments()
        .usage(`[options] ${definition.argument?.name ?? ''} [-- ${definition.name}'s own flags]`)
        .addHelpText('after', `\n${wrapped(`Anything else is handed on: ${definition.passthrough}.`)}`);
    addFlags(command, definition.flags, isFull);
    command.action(async (...args: unknown[]) => {
      const [first] = args;
      const argument =
        definition.argument === undefined ? '' : String((Array.isArray(first) ? first[0] : first) ?? '');
      const commandLine = readCommandLine(definition.flags, command.opts());
      // Remove `--`: Commander keeps it when an unknown flag precedes it.
      const divider = command.args.indexOf('--');
      const rest =
        definition.argument?.name.includes('...') === true
          ? command.args
          : definition.passthrough === undefined
            ? []
            : command.args.filter((_, index) => index > 0 && index !== divider);
      const tables = commands.map((each) => each.flags);
      for (const warning of unknownVariables(context.environment, tables, [
        ...OUTPUT_VARIABLES,
        LAST_LINES_VARIABLE,
        REPEATED_VARIABLE,
      ]))
        context.err.write(`${warning}\n`);
      result.exitCode = await definition.execute(commandLine, context, argument, rest);
    });
  }
  return program;
}

/** Converts Commander's errors to ours; undefined after `--help` or `--version`. */
export function fromCommander(
  error: CommanderError,
  commands: readonly CommandEntry[],
  argv: readonly string[],
): Error | undefined {
  if (error.exitCode === 0) return undefined;
  const names = commands.map(({ name }) => name);
  const quoted = /'([^']+)'/.exec(error.message)?.[1] ?? '';
  const help = `npx jarvis-load ${names.includes(argv[0] ?? '') ? `${argv[0]} ` : ''}--help`;
  switch (error.code) {
    case 'commander.unknownOption': {
      const command = commands.find(({ name }) => name === argv[0]);
      const known = Object.keys(command?.flags ?? {}).map((key) => `--${flagName(key)}`);
      const name = quoted.split('=', 1)[0] ?? '';
      const foreign = command?.name === 'load' ? foreignFlag(name) : undefined;
      if (foreign !== undefined) return usageError('unknown-flag', `unknown flag ${quoted}`, foreign, help);
      const inspect = inspectCommand(quoted, argv, names);
      if (inspect !== undefined)
        return usageError('unknown-flag', `${quoted} is a flag of node`, 'it before the program', inspect);
      const near = nearestName(name, known);
      return usageError(
        'unknown-flag',
        `unknown flag ${quoted}`,
        near === undefined ? 'a flag that the help lists' : `did you mean ${near}?`,
        help,
      );
    }
    case 'commander.unknownCommand': {
      const near = nearestName(quoted, names);
      return usageError(
        'unknown-command',
        `unknown command "${quoted}"`,
        `one of ${names.join(', ')}${near === undefined ? '' : ` (did you mean ${near}?)`}`,
        help,
      );
    }
    case 'commander.help':
      return usageError('no-command', 'no command given', `one of ${names.join(', ')}`, help);
    default:
      return usageError('command-line', error.message.replace(/^error: /, ''), undefined, help);
  }
}
