import { Redactor } from '@jarvis-load/engine';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../src/commands/index.ts';
import type { CommandEntry, ProgramContext } from '../src/commands/command.ts';
import { spellings } from '../src/help/describe-flag.ts';
import { buildProgram } from '../src/program.ts';

type Typed = Readonly<Record<string, readonly string[]>>;

/** The occurrences of flags that a command of the program gets. */
async function typedIn(argv: readonly string[]): Promise<Typed> {
  let typed: Typed = {};
  const commands = COMMANDS.map((command): CommandEntry => ({
    ...command,
    execute: (commandLine) => {
      typed = commandLine;
      return Promise.resolve(0);
    },
  }));
  const context = { environment: {}, argv, redactor: new Redactor() } as unknown as ProgramContext;
  await buildProgram(commands, context, '0', { exitCode: 1 }).parseAsync([...argv], { from: 'user' });
  return typed;
}

/** Each command's flags with a value and more than one spelling. */
const SPELLED = COMMANDS.flatMap(({ name, flags, argument }) =>
  Object.entries(flags)
    .filter(([key, flag]) => flag.kind.placeholder !== undefined && spellings(key, flag).length > 1)
    .map(([key, flag]) => ({ name, key, names: spellings(key, flag), argument: argument?.name ?? '' })),
);

describe('spellings of one flag', () => {
  it.each(SPELLED)('$name $names: the last typed one is the last', async ({ name, key, names, argument }) => {
    const given = argument.startsWith('<') ? ['x'] : [];
    for (const order of [names, names.toReversed()]) {
      const typed = await typedIn([name, ...given, ...order.flatMap((each) => [each, `of ${each}`])]);
      expect(typed[key]).toEqual(order.map((each) => `of ${each}`));
    }
  });

  it.each([
    [['load', '-u', '10', '--users=5'], 'users', ['10', '5']],
    [['load', '--users=5', '-u', '10'], 'users', ['5', '10']],
    [['load', '-u10', '--users=5', '--vus=7'], 'users', ['10', '5', '7']],
    [['load', '--ui', '--ui=off'], 'ui', ['', 'off']],
    [['load', '--headless'], 'noLive', ['true']],
    [['load'], 'users', []],
  ] as const)('%j', async (argv, key, occurrences) => {
    expect((await typedIn(argv))[key]).toEqual(occurrences);
  });
});
