import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { LoadSettings } from '../src/options/load-settings.ts';
import { chooseTests } from '../src/run/choose-tests.ts';
import { limitsOn } from '../src/run/limit-notes.ts';
import { describeShape, loadShape } from '../src/run/load-shape.ts';
import { planScenarios, recipeFor, scenariosOfThread } from '../src/run/scenarios.ts';
import { createScenarios, limitAdviserOf, profilesOf } from '../src/suites/suites.ts';
import { compileFile } from '../src/test-file/compile-file.ts';
import { fileSuite } from '../src/test-file/file-suite.ts';
import { helpOfFile } from '../src/test-file/help-of-file.ts';
import { loadFile } from '../src/test-file/load-file.ts';
import { splitSettings } from '../src/target/mock-settings.ts';
import { CONTEXT } from './support/create-context.ts';

const folder = mkdtempSync(join(tmpdir(), 'jarvis-load-own-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let number = 0;

/** Writes files into a folder of their own; returns it. */
function write(files: Readonly<Record<string, string>>): string {
  const cwd = join(folder, String(++number));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  return cwd;
}

const HEAD = `import { defineScenario } from '@jarvis-load/engine';\n`;
const scenario = (name: string, more = ''): string =>
  `defineScenario({ name: '${name}', operations: ['GET /cart'], async run(user) { await user.get('/cart'); }, ${more} })`;

async function choose(
  files: Readonly<Record<string, string>>,
  settings: LoadSettings = {},
  given = 'shop.ts',
) {
  return chooseTests(settings, write(files), given);
}

describe('the exports of a test file', () => {
  it('run the default export, and those by name when they are named', async () => {
    const files = {
      'shop.ts': `${HEAD}export default ${scenario('a')};\nexport const b = ${scenario('b')};`,
    };
    const names = async (settings: LoadSettings) =>
      (await choose(files, settings)).scenarios.map(({ name }) => name);
    expect(await names({})).toEqual(['a']);
    expect(await names({ scenario: ['b'] })).toEqual(['b']);
    expect(await names({ scenario: ['all'] })).toEqual(['a', 'b']);
  });

  it('run all that are exported by name, a list, or what a promise or an async function gives', async () => {
    for (const text of [
      `export const a = ${scenario('a')};\nexport const b = ${scenario('b')};`,
      `export default [${scenario('a')}, ${scenario('b')}];`,
      `export default Promise.resolve([${scenario('a')}, ${scenario('b')}]);`,
      `export default async () => [${scenario('a')}, ${scenario('b')}];`,
    ])
      expect((await choose({ 'shop.ts': HEAD + text })).scenarios.map(({ name }) => name)).toEqual([
        'a',
        'b',
      ]);
  });

  it('give a function its settings by type, and the credentials', async () => {
    const text = `import Type from 'typebox';
      export const settings = Type.Object({ size: Type.Integer({ default: 3 }), fast: Type.Boolean({ default: false }), note: Type.Optional(Type.String()) });
      export default (s, { credentials, identity }) => ({
        name: JSON.stringify([s, credentials, identity]), operations: [{ name: 'a', method: 'GET', route: '/' }], run: async () => {},
      });`;
    const nameOf = async (settings: LoadSettings) =>
      JSON.parse((await choose({ 'shop.js': text }, settings, 'shop.js')).scenarios[0]!.name) as unknown;
    expect(await nameOf({})).toEqual([{ size: 3, fast: false }, null, 'shared']);
    expect(await nameOf({ set: { size: '7', fast: 'true', note: '5' }, token: 't' })).toEqual([
      { size: 7, fast: true, note: '5' },
      { token: 't' },
      'shared',
    ]);
    expect(await helpOfFile(['k6', './shop.js', '--help'], write({ 'shop.js': text }))).toContain('Settings');
    expect(await helpOfFile(['load', './shop.js', '--help'], write({ 'shop.js': text }))).toContain(
      '--set size: integer, default 3',
    );
  });

  it('take settings with the name of the file before them, as they are but for paths', async () => {
    const text = `import Type from 'typebox';
      export const settings = Type.Object({
        day: Type.String({ format: 'date', default: '' }), rows: Type.String({ format: 'file', default: '' }),
        size: Type.Union([Type.Literal('small'), Type.Literal('large')], { default: 'small' }),
      });
      export default (s) => ({ name: JSON.stringify(s), operations: [{ name: 'a', method: 'GET', route: '/' }], run: async () => {} });`;
    const { scenarios } = await choose(
      { 'a.shop.js': text },
      { set: { 'a.shop.day': '2026-01-02', 'a.shop.rows': 'rows.csv', size: 'large' } },
      'a.shop.js',
    );
    expect(JSON.parse(scenarios[0]!.name)).toEqual({
      day: '2026-01-02',
      rows: join(folder, String(number), 'rows.csv'),
      size: 'large',
    });
    expect(await helpOfFile(['load', './shop.js'], write({ 'shop.js': text }))).toContain(
      '--set size: small or large, default small\n',
    );
  });

  it('named mock.ts leave settings of the mock to the mock', () => {
    const suite = { settings: { size: { type: 'string' } } };
    const split = (name: string) =>
      splitSettings({ set: { [name]: '9ms' }, target: 'mock' }, '/', suite as never, '/mock.ts');
    expect(split('mock.latency.ws')).toEqual({ mock: ['latency.ws=9ms'], scenario: {} });
    expect(split('mock.size')).toEqual({ mock: [], scenario: { size: '9ms' } });
  });

  it('have objectives as a set, and no word of another suite', async () => {
    const text = `${HEAD}export default ${scenario('a')};\nexport const objectives = [{ operation: 'GET /cart', p95Ms: 9 }];`;
    const { suite } = await choose({ 'shop.ts': text });
    expect(suite.objectives?.['own']?.objectives).toEqual([{ operation: 'GET /cart', p95Ms: 9 }]);
    expect(JSON.stringify(profilesOf(suite))).not.toMatch(/jarvis|suite|k6/i);
    expect(profilesOf(suite).map(({ name }) => name)).toEqual(['smoke', 'load', 'stress', 'spike', 'soak']);
    expect(limitAdviserOf(suite)).toBeDefined();
    const limit = { name: 'l', requests: 1, perSeconds: 1, scope: 'user', source: 'config file x' } as const;
    expect(limitsOn(suite, [{ ...limit, operations: ['other'] }])).toEqual([]);
    expect(limitsOn(suite, [{ ...limit, operations: ['other', 'GET /cart'] }])).toHaveLength(1);
    await expect(choose({ 'shop.ts': text }, { objectives: 'benchmark' })).rejects.toThrow('"benchmark"');
  });
});

describe('the load of a test file', () => {
  const executor = `executor: { kind: 'constant-arrival-rate', rate: 5, duration: '2s', maxVUs: 3 }`;
  const files = { 'shop.ts': `${HEAD}export default [${scenario('a', executor)}, ${scenario('b')}];` };

  it('is that of the scenarios, or of a profile where one has none', async () => {
    const tests = await choose(files);
    const shape = loadShape({}, tests);
    expect(describeShape(shape)).toBe('the load that the scenarios have');
    const recipe = recipeFor(tests.suite, ['a', 'b'], CONTEXT, shape);
    expect(planScenarios(tests.suite, recipe).map(({ executor: { kind } }) => kind)).toEqual([
      'constant-arrival-rate',
      'ramping-vus',
    ]);
  });

  it.each<LoadSettings>([{ rate: 3 }, { users: 4 }, { duration: 5000 }, { profile: 'load' }, { once: true }])(
    'is that of the flags: %j',
    async (settings) => {
      expect(loadShape(settings, await choose(files)).kind).not.toBe('own');
    },
  );
});

it('a load of its own is not scaled, and says so', async () => {
  const tests = await choose({
    'shop.ts': `${HEAD}export default ${scenario('a', "executor: { kind: 'constant-vus', duration: '2s' }")};`,
  });
  expect(() => loadShape({ timeScale: 0.1 }, tests)).toThrow(
    '--time-scale: the scenarios have a load of their own',
  );
  expect(loadShape({ timeScale: 0.1, profile: 'smoke' }, tests).kind).toBe('profile');
});

describe('the code of a test file', () => {
  it('imports neighbours in TypeScript and CommonJS, packages, and JSON; reads files beside it', async () => {
    const { scenarios } = await choose(
      {
        'tests/shop.ts': `${HEAD}import { readFileSync } from 'node:fs';
        import { word } from './words.js';
        import old from './old.cjs';
        import plain from 'plain';
        import names from './names.json';
        const beside = readFileSync(new URL('./data.txt', import.meta.url), 'utf8');
        export default ${scenario('x')};
        export const b = ${scenario('${NAME}').replace(
          `'\${NAME}'`,
          '[word, old.value, plain, names[0], beside, import.meta.filename.slice(-7)].join()',
        )};`,
        'tests/words.ts': `#!/usr/bin/env node\nexport const here = import.meta.url;\nexport enum Kind { A = 'enum' }\nexport const word: string = Kind.A;`,
        'tests/old.cjs': `const { join } = require('node:path');\nmodule.exports = { value: join('c', 'js') };`,
        'tests/names.json': '["json"]',
        'tests/data.txt': 'text',
        'tests/node_modules/plain/package.json': `{ "name": "plain", "exports": { "import": "./import.js", "require": "./require.cjs" }, "type": "module" }`,
        'tests/node_modules/plain/import.js': `export default 'of import ' + import.meta.url.endsWith('/plain/import.js');`,
        'tests/node_modules/plain/require.cjs': `module.exports = 'of require';`,
      },
      { scenario: ['all'] },
      'tests/shop.ts',
    );
    expect(scenarios[1]!.name).toBe('enum,c/js,of import true,json,text,shop.ts');
  });

  it('is the same module in each thread, and shows its own lines in stacks', async () => {
    const text = `${HEAD}interface Unused { a: string }
export default defineScenario({
  name: 'a',
  operations: ['GET /cart'],
  run: async () => {
    throw new Error('thrown here');
  },
});`;
    const tests = await choose({ 'shop.ts': text });
    const recipe = structuredClone(recipeFor(tests.suite, ['a'], CONTEXT, { kind: 'once' }));
    const [made] = await scenariosOfThread(recipe);
    const error = await made!.run!({} as never, {} as never).catch((reason: unknown) => reason);
    expect((error as Error).stack).toMatch(/\/shop\.ts:7:11\)?/);
    expect(createScenarios(tests.suite, ['a'], CONTEXT)).toHaveLength(1);
  });

  it('keeps lines and columns where it uses import.meta, on its first line, too', async () => {
    const first = `export const u = import.meta.url; export function fails() { throw new Error('x'); } ${HEAD}`;
    const cwd = write({ 'shop.ts': `${first}export default ${scenario('a')};` });
    const { module, sources } = await compileFile('shop.ts', cwd);
    const { fails, u } = (await import(module)) as { fails: () => void; u: string };
    expect(u).toBe(pathToFileURL(realpathSync(join(cwd, 'shop.ts'))).href);
    expect(sources).toHaveLength(1);
    const thrown = await Promise.resolve()
      .then(fails)
      .catch((error: unknown) => error);
    expect((thrown as Error).stack).toContain(`/shop.ts:1:${first.indexOf('new Error') + 1}`);
  });

  it('an error of syntax is shown in the source where that uses import.meta', async () => {
    const text = `${HEAD}const u = import.meta.url;\nexport default ${scenario('a')};\nif (u) {\n  u.length;`;
    await expect(choose({ 'shop.ts': text })).rejects.toThrow(/shop\.ts:\d+(:\d+)?[^]*u\.length/);
    await expect(choose({ 'shop.ts': text })).rejects.not.toThrow('__file_url');
  });

  it.each([
    ['old.cjs', '// like import.meta.url\nexports.value = "import.meta.url";\nreturn;'],
    ['old.js', '/*! as import.meta.dirname */\nexports.value = "import.meta.url";\nreturn;'],
  ])(
    'a neighbour in CommonJS stays one where only texts and comments name import.meta: %s',
    async (name, neighbour) => {
      const text = `${HEAD}import old from './${name}';\nexport const { value } = old;\nexport default ${scenario('a')};`;
      const cwd = write({ 'shop.ts': text, [name]: neighbour });
      const { module } = await compileFile('shop.ts', cwd);
      expect(await import(module)).toMatchObject({ value: 'import.meta.url' });
    },
  );

  it.each(['import.meta.url', "import.meta['url']", 'import.meta\n  .url'])(
    'is compiled by its tsconfig.json where it uses %s',
    async (use) => {
      const text = `${HEAD}export const u = ${use};
function noted(...given: unknown[]) { seen = given.length; }
export let seen = 0;
export class Client { get(@noted path: string) { return path; } }
export default ${scenario('a')};`;
      const tsconfig = '{ "compilerOptions": { "experimentalDecorators": true } }';
      const cwd = write({ 'shop.ts': text, 'tsconfig.json': tsconfig });
      const { module } = await compileFile('shop.ts', cwd);
      const u = pathToFileURL(realpathSync(join(cwd, 'shop.ts'))).href;
      expect(await import(module)).toMatchObject({ u, seen: 3 });
    },
  );

  it('has a source map that leads a debugger to the file', async () => {
    const cwd = write({ 'shop.ts': `${HEAD}export default ${scenario('a')};` });
    const { module, sources } = await compileFile('shop.ts', cwd);
    const [, encoded = ''] = /sourceMappingURL=data:application\/json;base64,(\S+)/.exec(
      readFileSync(fileURLToPath(module), 'utf8'),
    )!;
    const map = JSON.parse(Buffer.from(encoded, 'base64').toString()) as { sources: string[] };
    expect(map.sources.map((source) => new URL(source, module).href)).toEqual(
      sources.map((path) => pathToFileURL(path).href),
    );
  });
});

describe('compiling', () => {
  it('of several files at the same time ends for each, and again afterwards', async () => {
    const cwd = write({ 'a.ts': `${HEAD}export default ${scenario('a')};`, 'b.ts': 'const x: = 1;' });
    const compiled = (name: string) =>
      compileFile(name, cwd).then(
        ({ given }) => given,
        (error: unknown) => (error as Error).message.split('\n')[0],
      );
    const names = ['a.ts', 'b.ts', 'a.ts', 'a.ts'];
    const once = ['a.ts', expect.stringMatching(/^b\.ts: /), 'a.ts', 'a.ts'];
    expect(await Promise.all(names.map(compiled))).toEqual(once);
    // One begins while another is about to end.
    const results = await Promise.all(
      names.map(async (name, index) => {
        for (let turn = 0; turn < index; turn++) await Promise.resolve();
        return compiled(name);
      }),
    );
    expect(results).toEqual(once);
  });

  it.each([
    ['of Latin-1', Buffer.from(`const a = 1; // é\n`, 'latin1')],
    ['of UTF-16', Buffer.from(`\ufeffconst a = 1;\n`, 'utf16le')],
  ])('a file or a neighbour %s ends, and says so', async (_, bytes) => {
    const cwd = write({ 'shop.ts': `import './a.ts';\n` });
    writeFileSync(join(cwd, 'a.ts'), bytes);
    for (const name of ['shop.ts', 'a.ts'])
      await expect(compileFile(name, cwd)).rejects.toThrow(
        new RegExp(`^${name}: The file is not saved as UTF-8\n    a\\.ts:1:`),
      );
  });

  it.each([
    [
      'a rejected promise',
      `export default Promise.reject(new Error('no'));`,
      /Error: no\n {4}shop\.ts:1:31\n/,
    ],
    [
      'an address that is imported',
      `import 'https://example.org/x.js';`,
      /cannot be imported[^]*shop\.ts:1:8\n/,
    ],
    [
      'a CSV file that is imported',
      `import './a.csv';`,
      /No loader is configured for "\.csv"[^]*shop\.ts:1:8\n/,
    ],
  ])('%s is an error with its place', async (_, text, says) => {
    await expect(choose({ 'shop.ts': text, 'a.csv': 'a\n' })).rejects.toThrow(says);
  });

  it('a link to a CommonJS file is refused as the file is', async () => {
    const cwd = write({ 'real.js': 'module.exports = {};' });
    symlinkSync(join(cwd, 'real.js'), join(cwd, 'shop.js'));
    await expect(compileFile('shop.js', cwd)).rejects.toThrow('a CommonJS module');
  });

  it('a file for the shell may use import.meta', async () => {
    const text = `#!/usr/bin/env node\n${HEAD}export default ${scenario('a')};\nexport const u = import.meta.url;\n`;
    expect((await choose({ 'shop.ts': text })).scenarios).toHaveLength(1);
  });

  it('a list may have scenarios that are promised, as a default function may return them', async () => {
    const text = `${HEAD}const made = async () => ${scenario('a')};\nexport default [made(), ${scenario('b')}];\n`;
    expect((await choose({ 'shop.ts': text })).scenarios.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it.each([
    `export default new Promise(() => {});`,
    `export const a = new Promise(() => {});`,
    `export default [new Promise(() => {})];`,
  ])('what never ends is an error after a minute: %s', async (text) => {
    const file = await compileFile('shop.ts', write({ 'shop.ts': text }));
    // Then the module is there: what waits is what it exports.
    await import(file.module);
    await expectTooLong(() => loadFile(file), 60_000, 'shop.ts: was not loaded within 1m');
  });

  it.each([
    `export default () => new Promise(() => {});`,
    `export default async () => [await new Promise(() => {})];`,
    `export default () => [new Promise(() => {})];`,
  ])('a default function may take ten minutes, such as for a login: %s', async (text) => {
    const file = await compileFile('shop.ts', write({ 'shop.ts': text }));
    const exports = await loadFile(file);
    const origin = { file, settings: {}, credentials: undefined, identity: 'shared' } as const;
    const says = 'shop.ts: its default function did not return its scenarios within 10m';
    await expectTooLong(() => fileSuite(exports, origin), 600_000, says);
  });
});

/** Work that never ends is refused after the limit, and not a millisecond before. */
async function expectTooLong(work: () => Promise<unknown>, limitMs: number, says: string): Promise<void> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  /** Loading reads files: on a busy machine that takes many turns. */
  const turnsUntil = async (isThere: () => boolean): Promise<void> => {
    for (let turn = 0; turn < 1_000_000 && !isThere(); turn++)
      await new Promise((done) => setImmediate(done));
  };
  try {
    let refused: unknown;
    work().catch((error: unknown) => (refused = error));
    await turnsUntil(() => vi.getTimerCount() > 0);
    vi.advanceTimersByTime(limitMs - 1);
    await new Promise((done) => setImmediate(done));
    expect(refused).toBeUndefined();
    vi.advanceTimersByTime(1);
    await turnsUntil(() => refused !== undefined);
    expect(refused).toMatchObject({ message: expect.stringContaining(says) as string });
  } finally {
    vi.useRealTimers();
  }
}
