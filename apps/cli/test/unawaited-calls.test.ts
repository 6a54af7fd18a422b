import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunResult } from '@jarvis-load/engine';
import { afterAll, expect, it } from 'vitest';
import { compileFile } from '../src/test-file/compile-file.ts';
import { unawaitedCalls } from '../src/test-file/unawaited-calls.ts';
import { Workspace } from './support/cli.ts';
import { startEcho } from './support/shop-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'jarvis-load-unawaited-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let number = 0;

const verdictOf = (code: string) =>
  ({ verdict: { status: 'not-valid', reasons: [{ code, text: '' }] } }) as Pick<RunResult, 'verdict'>;

/** A scenario whose user does what the code says, which begins on line 6. */
const withCode = (
  code: string,
): string => `import { defineScenario, type VirtualUser } from '@jarvis-load/engine';
import { visit } from './visit.ts';
const cache = new Map<string, string>();
const list = [1, 2];
export default defineScenario({ name: 'shop', operations: ['GET /cart'], async run(user) {
${code}
} });
async function pay(user: VirtualUser) { await user.get('/cart'); }
function now(user: VirtualUser) { return user.id; }
export { cache, list, pay, now, visit };
`;
const VISIT = `import type { VirtualUser } from '@jarvis-load/engine';
export async function visit(user: VirtualUser): Promise<void> {
  user.get('/cart');
}
`;

async function errorsOf(
  code: string,
  visit = VISIT.replace('  user', '  await user'),
  reason = 'not-awaited',
  always = false,
) {
  const cwd = join(folder, `${++number} (copy)`);
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'shop.ts'), withCode(code));
  writeFileSync(join(cwd, 'visit.ts'), visit);
  return unawaitedCalls(verdictOf(reason), await compileFile('shop.ts', cwd), always);
}

it('finds calls in a debug run whatever its verdict, but those that are marked by void', async () => {
  const code =
    "  void user.post('/cart', {});\n  user.get('/cart');\n  await user.think(1);\n  user.think(2);";
  expect(await errorsOf(code, undefined, 'thresholds')).toEqual([]);
  const texts = (await errorsOf(code, undefined, 'thresholds', true)).map((error) => error.describe());
  expect(texts).toEqual([
    expect.stringMatching(/this call is not awaited[^]*shop\.ts:7:3/),
    expect.stringMatching(/this call is not awaited[^]*shop\.ts:9:3/),
  ]);
});

it.each([
  [`  user.get('/cart');`, '6:3'],
  [`  await user.get('/cart'); user.think(1);`, '6:28'],
  [`  void user.post('/cart', {});`, '6:8'],
  [`  user.get('/cart').then((answer) => answer.json());`, '6:3'],
  [`  user?.get('/cart').catch(() => undefined);`, '6:3'],
  [`  list.forEach(async () => { await user.get('/cart'); });`, '6:3'],
  [`  list.map(async () => user.get('/cart'));`, '6:3'],
  [`  Promise.all(list.map(() => user.get('/cart')));`, '6:3'],
  [`  pay(user);`, '6:3'],
  [`  if (list.length > 0) (user.batch(['GET /cart']));`, '6:25'],
  [`  await user.group('a', async () => { user.get('/cart'); });`, '6:39'],
])('a call that nothing awaits is shown: %s', async (code, place) => {
  const errors = await errorsOf(code);
  expect(errors.map(({ message }) => message.split('\n').slice(0, 2))).toEqual([
    ['shop.ts: this call is not awaited', `    shop.ts:${place}`],
  ]);
  expect(errors[0]!.message).toContain(`> 6 | ${code.trimEnd()}`);
  expect(errors[0]!.next).toContain(
    /forEach|map\(async/.test(code) ? 'for (const item of list)' : 'put await',
  );
});

it('several are named as such, those of neighbours too', async () => {
  const errors = await errorsOf(`  user.get('/cart');\n  await visit(user);\n  user.think(1);`, VISIT);
  // A neighbour stands before the file in the compiled module; its user is a parameter of that name.
  expect(errors.map(({ message }) => message.split('\n').slice(0, 2).join(' |'))).toEqual([
    'shop.ts: one of these 3 calls is not awaited (1) |    visit.ts:3:3',
    'shop.ts: one of these 3 calls is not awaited (2) |    shop.ts:6:3',
    'shop.ts: one of these 3 calls is not awaited (3) |    shop.ts:8:3',
  ]);
});

it.each([
  `  await user.get('/cart');`,
  `  const answer = user.get('/cart'); await answer;`,
  `  await Promise.all([user.get('/cart'), user.think(1)]);`,
  `  for (const _ of list) await user.get('/cart');`,
  `  return void (await user.get('/cart'));`,
  `  cache.delete('a'); cache.get('b'); now(user); user.check(1, {}); list.forEach(() => 1);`,
])('nothing is said where all is awaited, or no call is found: %s', async (code) => {
  expect(await errorsOf(code)).toEqual([]);
});

it('nothing is said of a run without that reason', async () => {
  expect(await errorsOf(`  user.get('/cart');`, VISIT, 'setup-failed')).toEqual([]);
});

it('nothing is said where the compiled module is gone, or is no module: the verdict stands', async () => {
  const cwd = join(folder, 'gone');
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'shop.ts'), withCode(`  user.get('/cart');`));
  writeFileSync(join(cwd, 'visit.ts'), VISIT);
  const file = await compileFile('shop.ts', cwd);
  expect(unawaitedCalls(verdictOf('not-awaited'), file)).toHaveLength(2);
  writeFileSync(fileURLToPath(file.module), 'let let');
  expect(unawaitedCalls(verdictOf('not-awaited'), file)).toEqual([]);
  rmSync(fileURLToPath(file.module));
  expect(unawaitedCalls(verdictOf('not-awaited'), file)).toEqual([]);
});

it('load shows it after the run', { timeout: 60_000 }, async () => {
  const workspace = new Workspace();
  const server = await startEcho(() => undefined, {});
  writeFileSync(join(workspace.directory, 'visit.ts'), VISIT.replace('  user', '  await user'));
  writeFileSync(
    join(workspace.directory, 'shop.ts'),
    withCode(`  await user.get('/cart');\n  user.get('/cart');\n  user.think(1);`),
  );
  const ran = await workspace.run(['load', './shop.ts', '--iterations=2', `--target=${server.url}`]);
  await server.close();
  workspace.remove();
  expect(ran.code).toBe(98);
  expect(ran.err).toContain('one of these 2 calls is not awaited (1)');
  expect(ran.err).toMatch(/ {4}shop\.ts:7:3\n/);
});

it('load --once warns of it where the run passes: it is an error only where the command fails', async () => {
  const workspace = new Workspace();
  const server = await startEcho(() => undefined, {});
  writeFileSync(join(workspace.directory, 'visit.ts'), VISIT.replace('  user', '  await user'));
  writeFileSync(
    join(workspace.directory, 'shop.ts'),
    withCode(`  user.get('/cart');\n  await user.think(1);`),
  );
  const ran = await workspace.run(['load', './shop.ts', '--once', `--target=${server.url}`]);
  await server.close();
  workspace.remove();
  expect(ran.code).toBe(0);
  expect(ran.err).toMatch(/^warning: .*this call is not awaited/m);
  expect(ran.err).not.toContain('error:');
}, 60_000);
