import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunResult } from '@jarvis-load/engine/result';

const execute = promisify(execFile);
const ROOT = join(import.meta.dirname, '..', '..', '..');
/** npm may have to download the packages of others. */
const INSTALL_MS = 300_000;

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const GUIDE = readFileSync(join(ROOT, 'docs', 'guides', 'your-own-tests.md'), 'utf8');
/** The commands of README from an empty folder to a verdict. */
const COMMANDS = /^## Your own tests\n[^]*?\n\n((?: {4}.+\n)+)/m
  .exec(README)![1]!
  .trim()
  .split(/\n {4}/);

let folder: string;
let tests: string;
const environment = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(JARVIS_|NX_|npm_|API_URL$|GITHUB_|CI$)/i.test(name)),
  ),
  npm_config_prefer_offline: 'true',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
};
const run = (command: string, args: readonly string[], cwd = tests) =>
  execute(command, args, { cwd, env: environment });
/** A command as it stands, in folders of this test. */
const type = (command: string, cwd = tests) =>
  run(
    'sh',
    ['-ec', command.replaceAll('/tmp/jarvis-load', join(folder, 'packs')).replaceAll('~/my-tests', tests)],
    cwd,
  );

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarvis-load-packed-'));
  tests = join(folder, 'my-tests');
  await type(COMMANDS[0]!, ROOT);
  await type(COMMANDS[1]!, folder);
}, INSTALL_MS);
afterAll(() => rm(folder, { recursive: true, force: true }));

it('README and the guide have the same four commands', () => {
  expect(COMMANDS).toHaveLength(4);
  expect(GUIDE).toContain(`\`\`\`sh\n${COMMANDS.join('\n')}\n\`\`\`\n`);
});

it('from an empty folder to the verdict of an own test, with types', { timeout: 180_000 }, async () => {
  const { stdout: said } = await type(COMMANDS[2]!);
  expect(said).toContain('wrote load.ts');
  expect(said).toContain(COMMANDS[3]);
  // Made by `npm install` of the packages, and kept.
  expect(said).not.toContain('package.json');

  const { stdout, code } = await type(COMMANDS[3]!).then(
    (ended) => ({ ...ended, code: 0 }),
    (error: unknown) => error as { stdout: string; code: number },
  );
  const result = JSON.parse(
    await readFile(join(tests, 'results', 'latest', 'result.json'), 'utf8'),
  ) as RunResult;
  // A machine that is too busy makes it not valid; nothing else may.
  const { status, reasons } = result.verdict;
  if (code === 98) {
    expect(stdout).toContain('! NOT VALID');
    const machine = ['machine-limited', 'machine-busy', 'dropped-iterations'];
    expect(machine).toEqual(expect.arrayContaining(reasons.map((reason) => reason.code)));
  } else expect([code, status, stdout]).toEqual([0, 'pass', expect.stringContaining('✓ PASS')]);
  expect(result.scenarios.map(({ name, iterations }) => [name, iterations.planned])).toEqual([
    ['first', 200],
  ]);
  expect(result.totals.requests).toBeGreaterThan(0);
  expect(result.totals.failed).toBe(0);
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
