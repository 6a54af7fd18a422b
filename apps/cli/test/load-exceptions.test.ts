import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Workspace, type Ended } from './support/cli.ts';
import { startEcho } from './support/shop-server.ts';

let workspace: Workspace;
beforeEach(() => void (workspace = new Workspace()));
afterEach(() => workspace.remove());

/** Runs a test file whose user does what the code says, from line 3 on. */
async function load(code: string, ...more: readonly string[]): Promise<Ended> {
  const server = await startEcho(() => undefined, {});
  writeFileSync(
    join(workspace.directory, 'shop.ts'),
    `import { defineScenario } from '@jarvis-load/engine';\nexport default defineScenario({ name: 'shop', operations: ['GET /cart'], async run(user) {\n${code}\n} });\n`,
  );
  const ran = await workspace.run(['load', './shop.ts', ...more, `--target=${server.url}`]);
  await server.close();
  return ran;
}

/** The places of the shown code. */
const placesOf = ({ err }: Ended): string[] => err.match(/(?<=^ {4})shop\.ts:\d+:\d+$/gm) ?? [];

it('load shows the code of what was thrown most, once for each place', { timeout: 60_000 }, async () => {
  const ran = await load(
    `  await user.get('/cart');
  if (user.iteration < 4) throw new Error('no stock of ' + user.iteration);
  if (user.iteration < 7) throw new Error('no price');
  throw new Error('no cart');`,
    '--users=1',
    '--iterations=8',
  );
  expect(ran.code).toBe(99);
  // Of those that were thrown equally often, the first.
  expect(placesOf(ran)).toEqual(['shop.ts:5:33', 'shop.ts:4:33', 'shop.ts:6:9']);
  expect(ran.err).toMatch(/^error: \.\/shop\.ts: scenario shop: threw .*no price \(3 times\)$/m);
  expect(ran.err).toMatch(/no cart$/m);
  expect(ran.err).toMatch(/^ {4}> 4 \| {3}if \(user\.iteration < 4\) throw new Error\(/m);
});

it('load shows three places at most, and no secret of the code', { timeout: 60_000 }, async () => {
  const ran = await load(
    `  await user.get('/cart');
  const headers = { authorization: 'Bearer abc.def-ghi' };
  if (user.iteration === 0) throw new Error('a'); else if (user.iteration === 1) throw new Error('b');
  if (user.iteration === 2) throw new Error('c'); else throw new Error('d');`,
    '--users=1',
    '--iterations=4',
  );
  expect(placesOf(ran)).toHaveLength(3);
  expect(ran.err).toContain('const headers = {');
  expect(ran.err + ran.out).not.toContain('abc.def-ghi');
});

it('load shows nothing of a run in which nothing was thrown', { timeout: 60_000 }, async () => {
  const ran = await load(`  await user.get('/cart');`, '--iterations=2');
  expect(ran.code, ran.err).toBe(0);
  expect(placesOf(ran)).toEqual([]);
  expect(ran.err).not.toContain('threw');
});
