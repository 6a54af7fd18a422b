import { nearestName } from '@jarvis-load/engine';
import { Command, CommanderError, Option } from 'commander';
import { OUTPUT_VARIABLES } from '@jarvis-load/outputs';
import { usageError } from './cli-error.ts';
import type { CommandContext, CommandEntry } from './commands/command.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { unknownVariables } from './options/unknown-variables.ts';
import { environmentName, flagName, type AnyFlagTable, type Flag } from './options/flag.ts';

/** Help text of a flag: description, default, environment names and an example. */
function describeFlag(key: string, flag: Flag<unknown>): string {
  const names = [
    environmentName(key),
    ...(flag.legacyEnvironment === undefined ? [] : [flag.legacyEnvironment]),
  ];
  return `${flag.description}\n  default: ${flag.defaultText}; env: ${names.join(', ')}\n  e.g. ${flag.example}`;
}

/** Adds the flags of a table. Values stay text, because they are parsed together with the other sources. */
function addFlags(command: Command, table: AnyFlagTable): void {
  for (const [key, flag] of Object.entries(table)) {
    const { placeholder } = flag.kind;
    const collect = (value: string, previous: readonly string[] = []): readonly string[] => [
      ...previous,
      value,
    ];
    const make = (name: string, description: string): Option => {
      if (placeholder === undefined) return new Option(`--${name}`, description);
      const isOptional = placeholder.startsWith('[');
      const option = new Option(`--${name} ${isOptional ? '[value]' : '<value>'}`, description);
      option.flags = `--${name} ${placeholder}`;
      return (isOptional ? option.preset('') : option).argParser(collect);
    };
    const description =
      flag.alias === undefined
        ? describeFlag(key, flag)
        : `${describeFlag(key, flag)} (also --${flag.alias})`;
    command.addOption(make(flagName(key), description));
    if (flag.alias !== undefined) command.addOption(make(flag.alias, description).hideHelp());
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
      [
        ...readOption(options, flagName(key)),
        ...(flag.alias === undefined ? [] : readOption(options, flag.alias)),
      ],
    ]),
  );
}

/** The table of exit codes, as the help prints it. */
function exitCodeHelp(): string {
  const lines = EXIT_CODES.map(({ code, meaning }) => `  ${String(code).padEnd(4)} ${meaning}`);
  return `\nExit codes:\n${lines.join('\n')}`;
}

/** Result of running the program. */
export interface ProgramResult {
  exitCode: number;
}

/** Builds the program from its commands. The executed command sets its exit code in `result`. */
export function buildProgram(
  commands: readonly CommandEntry[],
  context: CommandContext,
  version: string,
  result: ProgramResult,
): Command {
  const program = new Command('jarvis-load')
    .description('Load tests for the Jarvis API that tell the truth.')
    .version(version, '--version', 'prints the version')
    .helpOption('-h, --help', 'shows this help')
    .configureOutput({
      writeOut: (text) => void context.out.write(text),
      writeErr: () => undefined, // Suppressed, because main prints errors itself.
    })
    .exitOverride()
    .addHelpText('after', exitCodeHelp())
    .addHelpText(
      'after',
      '\nEvery flag has an environment variable; precedence: flag, JARVIS_LOAD_<FLAG>, variables of the old suite, config file, default.\nFirst run: npx jarvis-load load --target=mock',
    );
  for (const definition of commands) {
    const command = program
      .command(definition.name)
      .description(definition.summary)
      .helpOption('-h, --help', 'shows this help')
      .exitOverride()
      .allowExcessArguments(false)
      .addHelpText('after', `\nExamples:\n${definition.examples.map((line) => `  ${line}`).join('\n')}`)
      .addHelpText('after', exitCodeHelp());
    if (definition.argument !== undefined)
      command.argument(definition.argument.name, definition.argument.description);
    if (definition.passthrough !== undefined)
      command
        .allowUnknownOption()
        .allowExcessArguments()
        .usage(`[options] ${definition.argument?.name ?? ''} [-- ${definition.name}'s own flags]`)
        .addHelpText('after', `\nAnything else is handed on: ${definition.passthrough}.`);
    addFlags(command, definition.flags);
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
      for (const warning of unknownVariables(context.environment, tables, OUTPUT_VARIABLES))
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
      const near = nearestName(quoted.split('=', 1)[0] ?? '', known);
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
