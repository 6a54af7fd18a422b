import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Workspace } from './support/cli.ts';
import { startEcho, type ShopServer } from './support/shop-server.ts';

const workspace = new Workspace();
let server: ShopServer;
beforeAll(async () => {
  server = await startEcho(() => undefined, {});
});
afterAll(async () => {
  await server.close();
  workspace.remove();
});

const SHOP = `import { appendFileSync } from 'node:fs';
import { threadId } from 'node:worker_threads';
import { defineScenario, type AfterRun, type BeforeRun } from '@jarvis-load/engine';
const note = (text: string): void => appendFileSync(new URL('seen.txt', import.meta.url), text + '\\n');
export const beforeRun: BeforeRun = ({ runId }) => note('before ' + runId);
export const afterRun: AfterRun = ({ iterations }, { runId }) => note('after ' + runId + ' ' + iterations.completed);
export default defineScenario({
  name: 'shop',
  operations: ['GET /cart'],
  async run(user) {
    await user.get('/cart');
    note('thread ' + threadId);
  },
});
`;

it(
  'load runs a test file in each thread, and its hooks once, before and after',
  { timeout: 60_000 },
  async () => {
    writeFileSync(join(workspace.directory, 'shop.ts'), SHOP);
    const ran = await workspace.run([
      'load',
      './shop.ts',
      '--rate=10',
      '--duration=1s',
      '--threads=2',
      `--target=${server.url}`,
    ]);
    expect([0, 98], ran.err).toContain(ran.code);
    const { run, iterations, health } = workspace.result();
    expect([iterations.completed, health.threads.length]).toEqual([10, 2]);
    const lines = workspace.file('seen.txt').trim().split('\n');
    expect([lines.at(0), lines.at(-1)]).toEqual([`before ${run.id}`, `after ${run.id} 10`]);
    const threads = lines.slice(1, -1);
    expect([threads.length, new Set(threads).size]).toEqual([10, 2]);
  },
);

it('a beforeRun that never ends is an error that names its time limit', async () => {
  const here = new Workspace();
  const hanging = `export const beforeRun = () => new Promise(() => undefined);`;
  writeFileSync(
    join(here.directory, 'shop.ts'),
    SHOP.replace(/export const beforeRun.*/, hanging).replace(', type BeforeRun', ''),
  );
  const ran = await here.run(['load', './shop.ts', '--setup-timeout=300ms', `--target=${server.url}`]);
  expect(ran.code).toBe(2);
  expect(ran.err).toMatch(/beforeRun did not end within 300ms[^]*--setup-timeout/);
  here.remove();
});

it(
  'an afterRun that never ends keeps nothing from being written, and a signal from ending it',
  { timeout: 60_000 },
  async () => {
    const hanging = `export const afterRun = () => new Promise(() => setInterval(() => undefined, 1000));`;
    const file = SHOP.replace(/export const afterRun.*\n/, () => `${hanging}\n`);
    writeFileSync(join(workspace.directory, 'hanging.ts'), file);
    const started = workspace.start([
      'load',
      './hanging.ts',
      '--rate=10',
      '--duration=1s',
      `--target=${server.url}`,
    ]);
    await started.says(/REPORTS/);
    expect(workspace.result().iterations.completed).toBe(10);
    started.child.kill('SIGINT');
    const { code, err } = await started.ended;
    expect([code, err]).toEqual([130, expect.stringContaining('afterRun did not end within 800ms')]);
  },
);
