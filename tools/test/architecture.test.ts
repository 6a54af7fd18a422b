import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkSource, lengthProblem, packageOf, type PackageFacts } from '../architecture/check-source.ts';
import { describeGrants } from '../architecture/describe-grants.ts';
import { longestFile, rules, type PackageRule } from '../architecture/rules.ts';

const root = join(import.meta.dirname, '..', '..');

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const folders = ['apps', 'packages'].flatMap((parent) =>
  readdirSync(join(root, parent))
    .map((name) => `${parent}/${name}`)
    .filter((folder) => existsSync(join(root, folder, 'package.json'))),
);
const manifests = new Map(
  folders.map((folder) => [
    folder,
    JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest,
  ]),
);
const entries = new Set(
  [...manifests.values()].flatMap(({ name, exports = {} }) =>
    Object.keys(exports).map((entry) => name + entry.slice(1)),
  ),
);

/** Relative paths of the files below a folder, with slashes; empty when the folder does not exist. */
function sourceFiles(folder: string, below: string): string[] {
  const start = join(root, folder, below);
  if (!existsSync(start)) return [];
  return readdirSync(start, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(tsx?|js|mjs)$/.test(path) && !/(^|[\\/])node_modules[\\/]/.test(path))
    .map((path) => `${below}/${path.replaceAll('\\', '/')}`);
}

function ruleOf(folder: string): PackageRule {
  const rule = rules[folder];
  if (!rule)
    throw new Error(`${folder} has no rule in tools/architecture/rules.ts: decide what it may import`);
  return rule;
}

describe.each(folders)('%s', (folder) => {
  const manifest = manifests.get(folder) as Manifest;
  const dependencies = new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));

  it('imports what the table allows, and leaves the terminal to the command line', () => {
    const rule = ruleOf(folder);
    // By its own name, so that Node gets the bundle and tests the source.
    const own = (rule.reexports ?? []).map((name) => ({
      from: `${manifest.name}/${name}`,
      access: 'code' as const,
    }));
    const facts: PackageFacts = {
      rule: { ...rule, mayImport: [...rule.mayImport, ...own] },
      dependencies: new Set([...dependencies, manifest.name]),
      entries,
    };
    const problems = sourceFiles(folder, 'src').flatMap((path) =>
      checkSource(path, readFileSync(join(root, folder, path), 'utf8'), facts),
    );
    expect(problems).toEqual([]);
  });

  it('depends on no package of ours that it may not import', () => {
    const allowed = new Set(ruleOf(folder).mayImport.map(({ from }) => packageOf(from)));
    const ours = [...dependencies].filter((name) => name.startsWith('@jarvis-load/'));
    expect(ours.filter((name) => !allowed.has(name))).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  const document = readFileSync(join(root, 'docs/architecture.md'), 'utf8');

  it('lists the layers of the engine in their order', () => {
    const [, table = ''] = document.split('## The layers of the engine');
    const said = [...table.split('\n## ')[0]!.matchAll(/^\| (`[^|]*)\|/gm)].map(([, cell = '']) =>
      [...cell.matchAll(/`([\w-]+)`/g)].map(([, name]) => name),
    );
    expect(said).toEqual(rules['packages/engine']!.layers);
  });

  it('says of each package what it may import', () => {
    const cells = document.matchAll(/^\| `((?:packages|apps)\/[\w-]+)` *\|[^|]*\|([^|]*)\|$/gm);
    const said = Object.fromEntries([...cells].map(([, folder = '', cell = '']) => [folder, cell.trim()]));
    expect(said).toEqual(
      Object.fromEntries(Object.entries(rules).map(([folder, rule]) => [folder, describeGrants(rule)])),
    );
  });
});

describe('the whole workspace', () => {
  const files = [...folders, 'tools', 'examples'].flatMap((folder) =>
    ['src', 'test', 'bench', 'bin', ...(folder.includes('/') ? [] : ['.'])].flatMap((below) =>
      sourceFiles(folder, below).map((path) => `${folder}/${path.replace('./', '')}`),
    ),
  );

  it('names no scenario and no operation of Jarvis in the flow of the command line', () => {
    const scenarios = sourceFiles('packages/jarvis', 'src/scenarios').flatMap((path) => {
      const text = readFileSync(join(root, 'packages/jarvis', path), 'utf8');
      return /^const NAME = '(.+)';$/m.exec(text)?.[1] ?? [];
    });
    expect(scenarios).toContain('voice-user');
    const name = new RegExp(`['"\`](?:${scenarios.join('|')}|(?:auth|chat|memory|voice)\\.[\\w.]+)['"\`]`);
    // Where suites are listed, the documentation is made, and the mock is set by its operations.
    const places = /^src\/(suites|reference)\/|^src\/live\/mock-control\.ts$/;
    const naming = sourceFiles('apps/cli', 'src').filter(
      (path) => !places.test(path) && name.test(readFileSync(join(root, 'apps/cli', path), 'utf8')),
    );
    expect(naming).toEqual([]);
  });

  it('turns what was thrown into text in one place, `engine/src/show.ts`', () => {
    const own =
      /instanceof Error \? [^:]*\bmessage\b[^:]*: String\(|\bString\((cause|error|failure|thrown)\)/;
    const places = folders
      .flatMap((folder) => sourceFiles(folder, 'src').map((path) => `${folder}/${path}`))
      .filter((file) => own.test(readFileSync(join(root, file), 'utf8')));
    expect(places).toEqual([]);
  });

  it('counts imports of types in circles', () => {
    const { rules: lint } = JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8')) as {
      readonly rules: Readonly<Record<string, unknown>>;
    };
    expect(lint['import/no-cycle']).toEqual(['error', { ignoreTypes: false }]);
  });

  it('names its files in kebab-case', () => {
    const odd = files.filter((file) => !/^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(file.split('/').at(-1) as string));
    expect(odd).toEqual([]);
  });

  it(`has no file of more than ${longestFile} lines, but for those that hold only types`, () => {
    const problems = files.map((file) => lengthProblem(file, readFileSync(join(root, file), 'utf8')));
    expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
  });
});

describe('the check itself', () => {
  const engine = '@jarvis-load/engine';
  const sample: PackageFacts = {
    rule: {
      mayImport: [
        { from: engine, access: 'types' },
        { from: `${engine}/result`, access: 'code' },
      ],
      node: false,
      terminal: false,
    },
    dependencies: new Set([engine]),
    entries: new Set([engine, `${engine}/result`, '@jarvis-load/reporter']),
  };
  const check = (text: string) => checkSource('src/a.ts', text, sample);

  it.each([
    ["import type { Scenario } from '@jarvis-load/engine'"],
    ["export type { Scenario } from '@jarvis-load/engine'"],
    ["type Scenario = import('@jarvis-load/engine').Scenario"],
    ["import { readResult } from '@jarvis-load/engine/result'"],
    ["import { b } from './b.ts'; export { c } from './c/index.ts'"],
    ['export * as names from "./b.ts"'],
    ['const text = "import { x } from \'@jarvis-load/reporter\'" // console.log'],
    ['process.memoryUsage(); const consoleLike = { log() {} }; consoleLike.log()'],
  ])('accepts %s', (text) => {
    expect(check(text)).toEqual([]);
  });

  it.each([
    ["import { runLoad } from '@jarvis-load/engine'", 'may import only types'],
    ["import { type Scenario } from '@jarvis-load/engine'", 'may import only types'],
    ["import '@jarvis-load/engine'", 'may import only types'],
    ["export { runLoad } from '@jarvis-load/engine'", 'may import only types'],
    ["await import('@jarvis-load/engine')", 'may import only types'],
    ["require('@jarvis-load/engine')", 'may import only types'],
    ["import type { View } from '@jarvis-load/reporter'", 'may not import @jarvis-load/reporter'],
    ["import type { Pacer } from '@jarvis-load/engine/src/pacer.ts'", 'is no entry of that package'],
    ["import { x } from '../../engine/src/pacer.ts'", "outside its package's src"],
    ["import { readFileSync } from 'node:fs'", 'run where Node does not'],
    ["import path from 'path'", 'run where Node does not'],
    ['console.log(1)', 'uses console.log'],
    ["console['log'](1)", 'uses console.log'],
    ['process.exit(1)', 'uses process.exit'],
    ['process.exitCode = 1', 'uses process.exitCode'],
    ["process.stdout.write('x')", 'uses process.stdout'],
    ['const { stdout } = process', 'uses process'],
    ["import { exit } from 'node:process'", 'uses node:process'],
    ['use(console)', 'uses console'],
    ['const terminal = () => process', 'uses process'],
    ['class A { out = console }', 'uses console'],
    ["import engine = require('@jarvis-load/engine')", 'may import only types'],
    ['await import(`@jarvis-load/engine`)', 'may import only types'],
    ["process.env['HOME']", 'uses process.env'],
    ['globalThis.console.log(1)', 'uses console'],
    ["export * from './b.ts'", 'exports with a star'],
    ["import { it } from 'vitest'", 'not in the dependencies of its package.json'],
    ["import { VirtualClock } from '@jarvis-load/engine/testing'", 'which is for tests'],
  ])('refuses %s', (text, problem) => {
    expect(check(text).join('\n')).toContain(problem);
  });

  it('refuses an import that package.json does not declare', () => {
    const undeclared = { ...sample, dependencies: new Set<string>() };
    expect(checkSource('src/a.ts', "import type { A } from '@jarvis-load/engine'", undeclared)).toEqual([
      'src/a.ts:1 imports @jarvis-load/engine, which is not in the dependencies of its package.json',
    ]);
  });

  it('refuses time and chance that are no parameters, outside the files that may', () => {
    const seeded: PackageFacts = { ...sample, rule: { ...sample.rule, unseeded: ['src/clock.ts'] } };
    for (const text of ['Math.random()', 'Date.now()', 'performance.now()', 'new Date()']) {
      expect(checkSource('src/a.ts', text, seeded).join('\n')).toContain('come as parameters');
      expect(checkSource('src/clock.ts', text, seeded)).toEqual([]);
    }
    expect(checkSource('src/a.ts', 'new Date(0); Math.max(1)', seeded)).toEqual([]);
  });

  it('accepts packages that the build bundles, or that the program provides', () => {
    const rule = { ...sample.rule, bundled: ['page'], provided: ['k6'] };
    const text = "import { h } from 'preact'";
    expect(checkSource('src/page/a.ts', text, { ...sample, rule })).toEqual([]);
    expect(checkSource('src/a.ts', text, { ...sample, rule })).toHaveLength(1);
    expect(checkSource('src/a.ts', "import http from 'k6/http'", { ...sample, rule })).toEqual([]);
  });

  it('refuses an import outside the files that a package is confined to', () => {
    const confined: PackageFacts = {
      ...sample,
      rule: { ...sample.rule, confined: { [engine]: ['src/suites/', 'src/mock.ts'] } },
    };
    const text = "import type { Scenario } from '@jarvis-load/engine'";
    expect(checkSource('src/suites/a.ts', text, confined)).toEqual([]);
    expect(checkSource('src/mock.ts', text, confined)).toEqual([]);
    for (const path of ['src/run/a.ts', 'src/mock.tsx', 'src/suites.ts'])
      expect(checkSource(path, text, confined).join('\n')).toContain(
        'which only src/suites/, src/mock.ts may',
      );
  });

  describe('layers', () => {
    const layered: PackageFacts = {
      ...sample,
      rule: { ...sample.rule, layers: [['model'], ['clock', 'errors'], ['user']], typesOnly: ['model'] },
    };
    const at = (path: string, text: string) => checkSource(path, text, layered).join('\n');

    it.each([
      ['src/user/a.ts', "import { now } from '../clock/clock.ts'"],
      ['src/user/a.ts', "import { b } from './b.ts'"],
      ['src/errors.ts', "import type { A } from './model/a.ts'"],
      ['src/model/a.ts', "import type { A } from './b.ts'; export interface B extends A {}"],
    ])('accepts in %s: %s', (path, text) => {
      expect(at(path, text)).toBe('');
    });

    it.each([
      ['src/clock/a.ts', "import { b } from '../user/b.ts'", 'is in a higher layer'],
      ['src/clock/a.ts', "import type { B } from '../user/b.ts'", 'is in a higher layer'],
      ['src/model/a.ts', "type B = import('../errors.ts').B", 'is in a higher layer'],
      ['src/clock/a.ts', "new Worker(new URL('../user/b.js', import.meta.url))", 'is in a higher layer'],
      ['src/model/a.ts', 'export const limit = 1', 'has types only'],
      ['src/model.ts', 'export const limit = 1', 'has types only'],
      ['src/other/a.ts', "import { now } from '../clock/clock.ts'", 'is in no layer'],
    ])('refuses in %s: %s', (path, text, problem) => {
      expect(at(path, text)).toContain(problem);
    });
  });

  it('refuses a file that is too long, unless it holds only types', () => {
    const longest = 'export let a = 1;\n'.repeat(longestFile);
    expect(lengthProblem('src/a.ts', longest)).toBeUndefined();
    expect(lengthProblem('src/a.ts', `${longest}export let b = 2;\n`)).toContain('split it');
    expect(lengthProblem('src/a.ts', 'export type A = 1;\n'.repeat(longestFile + 1))).toBeUndefined();
  });
});
