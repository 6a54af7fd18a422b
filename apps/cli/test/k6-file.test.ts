import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseResult } from '@jarvis-load/reporter';
import { requirePeer } from '../../../tools/peers.ts';
import { Workspace } from './support/cli.ts';

const k6 = requirePeer('k6');
const workspaces: Workspace[] = [];
const seen: string[] = [];
/** `/login` sets a cookie; `/cart` is refused without it. */
const server = createServer(({ url, headers }, response) => {
  seen.push(`${url} ${headers.cookie ?? 'none'}`);
  if (url === '/login') response.setHeader('set-cookie', 'session=s1');
  response.writeHead(url === '/cart' && headers.cookie === undefined ? 401 : 200).end('{}');
});
let target: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  target = `--target=http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  for (const workspace of workspaces) workspace.remove();
});

/** A workspace with `shop.ts`, of which `text` are the exports. */
function withFile(text: string): Workspace {
  const made = new Workspace();
  workspaces.push(made);
  writeFileSync(
    join(made.directory, 'shop.ts'),
    `import { defineScenario } from '@jarvis-load/engine';\n${text}\n`,
  );
  return made;
}

/** Source of a scenario that asks for `/<path>` once. */
const scenario = (name: string, path: string, more = ''): string =>
  `defineScenario({ name: '${name}', operations: ['GET /${path}'], ${more}
    async run(user) { await user.get('/${path}'); },
    executor: { kind: 'per-vu-iterations', vus: 1, iterations: 1 } })`;
/** With time for the probe where a dozen commands that start share two busy processors. */
const QUIETLY = ['--quiet', '--address', 'localhost:0', '--objectives=none', '--request-timeout=60s'];

describe.skipIf(k6 === undefined)('a test file in k6', () => {
  it.concurrent('runs scenarios whose names k6 does not take, and reports them by their names', async () => {
    const here = withFile(
      `export default [${scenario('home page', 'a')}, ${scenario('home/page', 'b')}, ${scenario('日本', 'c')}];`,
    );
    const run = await here.run(['k6', './shop.ts', target, ...QUIETLY]);
    expect(run.err).not.toContain('measured nothing');
    const runs = here.files('results').filter((name) => !name.includes('.') && name !== 'latest');
    const documents = runs.map((name) => parseResult(here.file('results', name, 'result.json'), name));
    expect(
      documents
        .map(({ scenarios, iterations, totals }) =>
          [...scenarios.map(({ name }) => name), iterations.completed, totals.requests].join(),
        )
        .toSorted(),
      run.err,
    ).toEqual(['home page,1,1', 'home/page,1,1', '日本,1,1']);
  });

  it.concurrent.each([
    ['without maxVUs', '', '100'],
    ['with maxVUs, as init writes it', ', maxVUs: 50', '50'],
  ])('runs a rate without preAllocatedVUs: %s', async (_name, caps, most) => {
    const here = withFile(`export default defineScenario({ name: 'paced', operations: ['GET /paced'],
      async run(user) { await user.get('/paced'); },
      executor: { kind: 'constant-arrival-rate', rate: 10, duration: '2s'${caps} } });`);
    const run = await here.run(['k6', './shop.ts', target, ...QUIETLY]);
    const [paced] = here.result().scenarios;
    expect(paced?.iterations.completed, run.err).toBeGreaterThanOrEqual(15);
    expect(JSON.stringify(paced)).toContain(`"maxVUs":${most}`);
  });

  it.concurrent('runs a scenario that is chosen by name, also one that runs only so', async () => {
    const here = withFile(
      `export default ${scenario('cart', 'chosen-not')};
      export const search = ${scenario('search', 'chosen')};`,
    );
    await here.run(['k6', './shop.ts', target, '--scenario=search', ...QUIETLY]);
    expect(here.result().scenarios.map(({ name }) => name)).toEqual(['search']);
    expect(seen.filter((line) => line.startsWith('/chosen'))).toEqual(['/chosen none']);
  });

  it.concurrent(
    'keeps the cookies of an iteration, and forgets them at its end (docs/guides/k6.md)',
    async () => {
      const here = withFile(`export default defineScenario({
      name: 'session', operations: ['GET /login', 'GET /cart'],
      onStart: (user) => user.get('/login'),
      async run(user) { await user.get('/cart'); },
      executor: { kind: 'per-vu-iterations', vus: 1, iterations: 2 } });`);
      await here.run(['k6', './shop.ts', target, ...QUIETLY]);
      expect(seen.filter((line) => /^.(login|cart) /.test(line))).toEqual([
        '/login none',
        '/cart session=s1',
        '/cart none',
      ]);
    },
  );
});

describe('a test file that k6 cannot run is refused by name, before k6 starts', () => {
  it.concurrent.each([
    [`metrics: [{ name: 'cart-size', kind: 'trend' }],`, [], /names of metrics[^]*\(home page: cart-size\)/],
    [`metrics: [{ name: 'x', kind: 'trend' }],`, [], /names of metrics[^]*\(home page: x\)/],
    [`metrics: [{ name: 'ws_sessions', kind: 'trend' }],`, [], /has itself \(home page: ws_sessions\)/],
    [
      `thresholds: { 'http_reqs{scenario:home page}': ['count>0'] },`,
      [],
      /a scenario that k6 calls home-page \(home page: http_reqs\{scenario:home page\}\)/,
    ],
    ['', ['--cookies'], /--cookies is a flag of jarvis-load load; k6 keeps the cookies of an iteration/],
    ['', ['--scenario=cart'], /--scenario: unknown scenario "cart"/],
  ])('%s %j', async (more, flags, message) => {
    const here = withFile(`export default ${scenario('home page', 'a', more)};`);
    const run = await here.run(['k6', './shop.ts', target, ...flags]);
    expect(run.err).toMatch(message);
    expect(run.code, run.err).toBe(2);
  });

  it('--scenario beside a test of the suite', async () => {
    const run = await withFile('').run(['k6', 'chat', '--scenario=voice']);
    expect([run.code, run.err]).toEqual([
      2,
      expect.stringMatching(/--scenario chooses among[^]*chat is a test/),
    ]);
  });
});
