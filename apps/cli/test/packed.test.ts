import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunResult } from '@jarvis-load/engine/result';

const execute = promisify(execFile);
const ROOT = join(import.meta.dirname, '..', '..', '..');
const CLI = join(ROOT, 'apps', 'cli');
/** npm may have to download the packages of others. */
const INSTALL_MS = 180_000;

let folder: string;
let tests: string;
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(JARVIS_|NX_|npm_|API_URL$|GITHUB_|CI$)/i.test(name)),
);
const run = (command: string, args: readonly string[], cwd = tests) =>
  execute(command, args, { cwd, env: environment });

/** Our packages that the command line needs, directly or not. */
async function ownPackages(): Promise<readonly string[]> {
  const found = new Set(['@jarvis-load/cli']);
  for (const name of found) {
    const place =
      name === '@jarvis-load/cli' ? CLI : join(ROOT, 'packages', name.replace('@jarvis-load/', ''));
    const { dependencies = {} } = JSON.parse(await readFile(join(place, 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>;
    };
    for (const each of Object.keys(dependencies)) if (each.startsWith('@jarvis-load/')) found.add(each);
  }
  return [...found];
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarvis-load-packed-'));
  tests = join(folder, 'my-tests');
  const packs = join(folder, 'packs');
  await mkdir(tests);
  await mkdir(packs);
  const chosen = (await ownPackages()).flatMap((name) => ['-w', name]);
  await run('npm', ['pack', '--silent', '--pack-destination', packs, ...chosen], ROOT);
  const files = (await readdir(packs)).map((name) => join(packs, name));
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', ...files]);
}, INSTALL_MS);
afterAll(() => rm(folder, { recursive: true, force: true }));

it('from an empty folder to the verdict of an own test, with types', { timeout: 60_000 }, async () => {
  const { stdout: said } = await run('npx', ['jarvis-load', 'init', '--target=mock']);
  expect(said).toContain('wrote load.ts');
  expect(said).toContain('npx jarvis-load load ./load.ts');
  // Made by `npm install` of the packages, and kept.
  expect(said).not.toContain('package.json');

  const { stdout } = await run('npx', ['jarvis-load', 'load', './load.ts', '--iterations=20']);
  expect(stdout).toMatch(/✓ PASS|! NOT VALID/);
  const result = JSON.parse(
    await readFile(join(tests, 'results', 'latest', 'result.json'), 'utf8'),
  ) as RunResult;
  expect(result.scenarios.map(({ name, iterations }) => [name, iterations.completed])).toEqual([
    ['first', 20],
  ]);
  expect(result.operations.map(({ operation, route }) => [operation, route])).toEqual([
    ['GET /health', '/health'],
  ]);
  expect(JSON.stringify(result)).not.toMatch(/jarvis(?![-_]load)/i);

  // What `import` writes for a secret; the types of Node come with the packages.
  await writeFile(
    join(tests, 'wrong.ts'),
    `import test from './load.ts';\nexport const name: number = test.name;\nexport const token: string = process.env['LOAD_TOKEN'] || 'not-set';\n`,
  );
  const tsc = join(ROOT, 'node_modules', '.bin', 'tsc');
  const { stdout: errors } = await run(tsc, ['-p', '.']).catch(
    (error: unknown) => error as { stdout: string },
  );
  expect(errors.trim().split('\n')).toEqual([expect.stringContaining('wrong.ts(2,14): error TS2322')]);
});
