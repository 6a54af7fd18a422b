import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { Workspace, type Started } from './support/cli.ts';
import { startEcho, type ShopServer } from './support/shop-server.ts';

let workspace: Workspace;
let server: ShopServer;
beforeAll(async () => void (server = await startEcho(() => undefined, {})));
afterAll(() => server.close());
beforeEach(() => {
  workspace = new Workspace();
  server.seen.splice(0);
});
afterEach(() => workspace.remove());

const write = (name: string, text: string): void => writeFileSync(join(workspace.directory, name), text);
const SHOP = `import { defineScenario } from '@jarvis-load/engine';
import { PATH } from './path.ts';
export default defineScenario({ name: 'shop', operations: ['GET /{part}'], run: async (user) => void (await user.get('/{part}', { params: { part: PATH } })) });
`;

/** Waits until the file is watched for the nth time; returns what was said on stderr since the time before. */
async function watched(started: Started, times: number): Promise<string> {
  await started.says(new RegExp(`(?:^watching \\./shop\\.ts[^]*){${times}}`, 'm'));
  return started.err().split(/^watching .*$/m)[times - 1]!;
}

async function endsBySigint(started: Started): Promise<void> {
  started.child.kill('SIGINT');
  const { code, err } = await started.ended;
  expect(code, err).toBe(130);
  await workspace.emptied();
}

it('--watch runs a file again on each save, shows mistakes and goes on, until a signal', async () => {
  write('path.ts', `export const PATH = 'a';`);
  write('shop.ts', SHOP);
  const started = workspace.start(['load', './shop.ts', `--target=${server.url}`, '--once', '--watch']);
  await watched(started, 1);
  expect(server.seen).toEqual(['GET /a 200']);
  expect(started.out()).toContain('[shop, run] GET /{part}: GET ');

  write('path.ts', `export const PATH = 'b';`);
  await watched(started, 2);
  expect(server.seen).toEqual(['GET /a 200', 'GET /b 200']);

  write('shop.ts', `${SHOP}export const x = ;\n`);
  const mistake = await watched(started, 3);
  expect(mistake).toContain('error: ./shop.ts: Unexpected ";"\n    shop.ts:4:18\n');
  expect(server.seen).toHaveLength(2);

  // Errors that nothing awaits: in the file, and in the run, which has a result nevertheless.
  write('.shop.ts.tmp', `${SHOP}Promise.reject(new Error('stray'));\n`);
  renameSync(join(workspace.directory, '.shop.ts.tmp'), join(workspace.directory, 'shop.ts'));
  const stray = await watched(started, 4);
  expect(stray).toMatch(
    /(Unhandled rejection|in code that nothing awaits): Error: stray\n {4}shop\.ts:4:16\n/,
  );
  expect(server.seen).toHaveLength(3);

  write('shop.ts', SHOP);
  expect(await watched(started, 5)).not.toContain('error');
  expect(server.seen).toHaveLength(4);
  await endsBySigint(started);
});

it('--watch of a file with a mistake in a neighbour runs when the neighbour is mended', async () => {
  write('path.ts', `const x = ;`);
  write('shop.ts', SHOP);
  const started = workspace.start(['load', './shop.ts', `--target=${server.url}`, '--watch']);
  expect(await watched(started, 1)).toContain('    path.ts:1:11\n');
  write('path.ts', `throw new Error('no path');\nexport const PATH = 'a';`);
  expect(await watched(started, 2)).toContain('    path.ts:1:7\n');
  write('path.ts', `export const PATH = 'c';`);
  await watched(started, 3);
  expect(server.seen).toEqual(['GET /c 200']);
  await endsBySigint(started);
});

it.each([
  [
    'a rejection',
    `void Promise.reject(new Error('stray'))`,
    99,
    'completed',
    /^Unhandled rejection: Error: stray/,
  ],
  [
    'a throw of a timer',
    `setTimeout(() => { throw new Error('stray'); }, 1); await user.think(60)`,
    98,
    'error',
    /^Uncaught exception: Error: stray/,
  ],
])(
  '%s that nothing handles is an exception of the run, and its place is shown',
  async (_, code, exit, end, says) => {
    write('path.ts', `export const PATH = 'a';`);
    write('shop.ts', SHOP.replace('void (', `{ void (`).replace(/ }\);\n$/, `;\n${code}; } });\n`));
    const ran = await workspace.run(['load', './shop.ts', `--target=${server.url}`, '--once']);
    expect(ran.code, ran.err).toBe(exit);
    const { run, exceptions } = workspace.result();
    expect([run.end.kind, exceptions.map(({ message }) => message)]).toEqual([
      end,
      [expect.stringMatching(says)],
    ]);
    expect(ran.err).toMatch(/stray[^]* {4}shop\.ts:4:\d+\n/);
  },
);
