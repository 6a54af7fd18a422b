import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ProgramContext } from '../src/commands/command.ts';
import { COMMANDS } from '../src/commands/index.ts';
import { spellings } from '../src/help/describe-flag.ts';
import { flagGroups } from '../src/help/flag-groups.ts';
import { K6_FLAG_LIST } from '../src/k6/k6-flag-list.ts';
import { LOAD_CONFLICTS, LOAD_KEYS } from '../src/options/load-conflicts.ts';
import { LOAD_FLAGS } from '../src/options/load-flags.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** Of other programs: Node, Prometheus, a Locust master, and those of `k6 run` and of commander that are in no table of ours. */
const OTHERS = [
  '--enable-feature',
  '--master-bind-port',
  '--summary-export',
  '--inspect',
  '--save-dev',
  '--help',
  '--version',
];

const flags = new Set([
  ...COMMANDS.flatMap((command) =>
    Object.entries(command.flags).flatMap(([key, flag]) => spellings(key, flag)),
  ),
  ...Object.keys(K6_FLAG_LIST).map((name) => `--${name}`),
  ...OTHERS,
]);

/** Flags in the texts of a source file: comments, and names of foreign flags as keys, are left out. */
function flagsIn(text: string): readonly string[] {
  const code = text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '')
    .replace(/^ {2}'--?[\w-]+': row\(/gm, '');
  return [...code.matchAll(/(?<![\w-])--[a-z][a-z0-9-]*/g)].map(([flag]) => flag);
}

// Packages whose texts name flags of the command line; `import` names those of curl, `k6-scenarios` those of k6.
it.each(['apps/cli', 'packages/jarvis', 'packages/live', 'packages/outputs', 'packages/locust-worker'])(
  'texts of %s name only flags that exist',
  (folder) => {
    const files = readdirSync(join(ROOT, folder, 'src'), { recursive: true, encoding: 'utf8' });
    const named = files
      .filter((path) => /\.tsx?$/.test(path))
      .flatMap((path) =>
        flagsIn(readFileSync(join(ROOT, folder, 'src', path), 'utf8')).map((flag) => ({ path, flag })),
      );
    if (folder === 'apps/cli') expect(named.length).toBeGreaterThan(200);
    expect(named.filter(({ flag }) => !flags.has(flag))).toEqual([]);
  },
);

it.each(COMMANDS.filter((each) => 'token' in each.flags && 'accounts' in each.flags))(
  '$name refuses --token beside --accounts',
  async ({ execute }) => {
    // A target and a test that do not exist: without the refusal, the error is another one.
    const typed = { token: ['t'], accounts: ['none.csv'], target: ['mok'] };
    const context = { environment: {}, cwd: import.meta.dirname, err: { write: () => true } };
    await expect(execute(typed, context as unknown as ProgramContext, './none.ts')).rejects.toThrow(
      '--token and --accounts contradict each other',
    );
  },
);

it('finds a flag in the text of an error, not in a comment', () => {
  expect(flagsIn("/** `--old` */ fail('lower --userz or --rate'); // --older")).toEqual([
    '--userz',
    '--rate',
  ]);
});

it('a flag of `load` under "Load:" of the help is one of how much load, or excludes such a one', () => {
  const groups = flagGroups(Object.keys(LOAD_FLAGS))!;
  const judged = new Set<string | undefined>([...LOAD_KEYS, ...LOAD_CONFLICTS.flat()]);
  // They change neither kind nor height of the load.
  const others = ['seed'];
  const missing = [...groups].filter(([key, group]) => group === 'Load:' && !judged.has(key));
  expect(missing.map(([key]) => key)).toEqual(others);
});
