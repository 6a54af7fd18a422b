import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Redactor } from '@jarvis-load/engine';
import { CommanderError } from 'commander';
import type { CliError } from '../src/cli-error.ts';
import { COMMANDS } from '../src/commands/index.ts';
import type { CommandContext } from '../src/commands/command.ts';
import { ADVANCED, flagGroups, inGroupOrder } from '../src/help/flag-groups.ts';
import { FOREIGN_NAMES, foreignFlag } from '../src/help/foreign-flags.ts';
import { HELP_COLUMNS, readHelpRequest } from '../src/help/help-request.ts';
import { spellings } from '../src/help/describe-flag.ts';
import { buildProgram, fromCommander } from '../src/program.ts';

const load = COMMANDS.find(({ name }) => name === 'load')!;

/** Runs the program in this process until Commander ends it: what it wrote, and the error that it ended with. */
async function run(argv: readonly string[]): Promise<{ out: string; error: CommanderError }> {
  let out = '';
  const context = {
    out: { write: (text: string) => (out += text) },
    environment: {},
    argv,
    redactor: new Redactor(),
  } as unknown as CommandContext;
  const help = readHelpRequest(argv);
  try {
    await buildProgram(COMMANDS, context, '0', { exitCode: 0 }, help.isFull).parseAsync([...help.argv], {
      from: 'user',
    });
  } catch (error) {
    if (error instanceof CommanderError) return { out, error };
    throw error;
  }
  throw new Error('the program ran on');
}

describe('the help', () => {
  it.each([[['--help']], ...COMMANDS.map(({ name }) => [[name, '--help']]), [['load', '--help=all']]])(
    'of %j fits into 100 columns',
    async (argv) => {
      const { out } = await run(argv);
      const isExample = /^ {2}npx |^Usage: /;
      expect(out.split('\n').filter((line) => line.length > HELP_COLUMNS && !isExample.test(line))).toEqual(
        [],
      );
    },
  );

  it('of load comes in groups, and leaves the advanced flags to --help=all', async () => {
    const { out } = await run(['load', '--help']);
    const headings = out.match(/^(Target|Load|Promises|Output|Login|Advanced|Options):$/gm);
    expect(headings).toEqual(['Target:', 'Load:', 'Promises:', 'Output:', 'Login:', 'Options:']);
    expect(out).not.toMatch(/--setup-timeout|JARVIS_LOAD_USERS/);
    expect(out).toMatch(/more flags, and the variable of each flag: npx jarvis-load load --help=all/);
    const full = (await run(['load', '--help=all'])).out;
    for (const key of Object.keys(load.flags))
      expect(full).toContain(`  ${spellings(key, load.flags[key]!)[0]}`);
    expect(full).toMatch(
      /--users <n> +Users of the run[^]*e\.g\. --users=20[^]*env: JARVIS_LOAD_USERS, USERS[^]*Exit codes:[^]*\n {2}98 [^]*\n {2}143 /,
    );
  });

  it('has every flag of a command once, whatever its group', () => {
    for (const { flags } of COMMANDS)
      expect(inGroupOrder(Object.keys(flags)).toSorted()).toEqual(Object.keys(flags).toSorted());
    const groups = flagGroups(Object.keys(load.flags));
    expect([...groups!.values()].filter((heading) => heading === ADVANCED).length).toBeGreaterThan(10);
  });

  it('is asked for behind `--` only of the other program', () => {
    expect(readHelpRequest(['k6', 'x.js', '--', '--help=all'])).toEqual({
      argv: ['k6', 'x.js', '--', '--help=all'],
      isFull: false,
    });
    expect(readHelpRequest(['load', '--help=more']).unknown).toBe('more');
  });
});

describe('flags of other load testers', () => {
  it.each([
    ['--rps=5', /a flag of k6; here: --rate=<n>/],
    ['--web-port=1', /a flag of Locust; here: --ui-port=<n>/],
    ['--overallRate=5', /a flag of autocannon; here: --rate=<n>/],
    ['--workers=2', /here: --threads=<n>/],
    ['-d', /a flag of k6, autocannon, wrk; here: --duration=<duration>/],
    ['--usrs=5', /did you mean --users\?/],
  ])('%s is refused with what it is called here', async (flag, expected) => {
    const { error } = await run(['load', flag]);
    const shown = fromCommander(error, COMMANDS, ['load', flag]);
    expect(shown).toMatchObject({ expected: expect.stringMatching(expected) as string });
  });

  it.each([
    ['--inspect', /^node --inspect \S+bin\/jarvis-load\.js load \.\/shop\.ts --once$/],
    ['--inspect-brk=9230', /^node --inspect-brk=9230 \S+bin\/jarvis-load\.js load \.\/shop\.ts --once$/],
    ['--inspect-wait', /^node --inspect-wait /],
  ])('%s, of node, is refused with the command that takes it', async (flag, next) => {
    const argv = ['load', './shop.ts', '--password=secret', flag];
    const shown = fromCommander((await run(argv)).error, COMMANDS, argv);
    expect(shown).toMatchObject({ next: expect.stringMatching(next) as string });
    const program = / (\S+jarvis-load\.js) /.exec((shown as CliError).next!)![1]!;
    expect(existsSync(program)).toBe(true);
  });

  it('--inspect before the command names the command, and no value of a flag', async () => {
    const argv = ['--inspect', '--token', 's3cret', 'load', './shop.ts'];
    const shown = fromCommander((await run(['load', '--inspect'])).error, COMMANDS, argv);
    expect((shown as CliError).next).toMatch(/jarvis-load\.js load \.\/shop\.ts --once$/);
  });

  it('are none of ours, and point to flags that exist', () => {
    const ours = Object.entries(load.flags).flatMap(([key, flag]) => spellings(key, flag));
    expect(FOREIGN_NAMES.filter((name) => ours.includes(name))).toEqual([]);
    const named = FOREIGN_NAMES.flatMap(
      (name) =>
        foreignFlag(name)!
          .split('here:')[1]!
          // That command has flags of its own.
          .replace(/jarvis-load worker.*/, '')
          .match(/--[a-z-]+/g) ?? [],
    );
    expect(named.filter((name) => !ours.includes(name))).toEqual([]);
  });
});
