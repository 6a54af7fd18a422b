import { execFile } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runLoad } from '@jarvis-load/engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isTestFile, testsOfFile } from '../src/k6/test-of-file.ts';
import { chooseTests } from '../src/run/choose-tests.ts';
import { createScenarios } from '../src/suites/suites.ts';
import { requirePeer } from '../../../tools/peers.ts';
import { Workspace } from './support/cli.ts';
import { startEcho, type ShopServer } from './support/shop-server.ts';
import { CONTEXT } from './support/create-context.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const k6 = requirePeer('k6');
const workspace = new Workspace();
const guide = readFileSync(join(ROOT, 'docs', 'guides', 'coming-from.md'), 'utf8');
const examples = [...guide.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = ''], index) => ({
  name: `example-${index + 1}.ts`,
  code,
}));

let server: ShopServer;
beforeAll(async () => {
  server = await startEcho(() => undefined, { id: 7, token: 't' });
  symlinkSync(join(ROOT, 'node_modules'), join(workspace.directory, 'node_modules'));
  writeFileSync(join(workspace.directory, 'accounts.csv'), 'user,password\nada,x\n');
  for (const { name, code } of examples) writeFileSync(join(workspace.directory, name), code);
});
afterAll(async () => {
  await server.close();
  workspace.remove();
});

it('each example of the guide runs, without a failed request', { timeout: 120_000 }, async () => {
  for (const { name } of examples) {
    const { suite } = await chooseTests({}, workspace.directory, name);
    // Their own load is for people; the types and the code are the same.
    const scenarios = createScenarios(suite, [suite.scenarios[0]!.name], CONTEXT).map((each) => ({
      ...each,
      executor: { kind: 'per-vu-iterations', vus: 1, iterations: 1 } as const,
    }));
    const { totals, exceptions, iterations } = await runLoad({
      baseUrl: server.url,
      warmUp: false,
      scenarios,
    });
    expect({ name, exceptions, failed: totals.failed, completed: iterations.completed }).toEqual({
      name,
      exceptions: [],
      failed: 0,
      completed: 1,
    });
  }
  expect(examples).toHaveLength(4);
  expect(server.seen.filter((line) => /^GET \/(products|orders)\/7 200$/.test(line))).toHaveLength(2);
});

it.skipIf(k6 === undefined)('each example runs in the real k6, too', { timeout: 120_000 }, async () => {
  for (const { name } of examples) {
    const once = ['--vus=1', '--iterations=1', '--address=localhost:0', '--quiet', '--objectives=none'];
    const { err } = await workspace.run(['k6', name, `--target=${server.url}`, ...once]);
    const { totals, iterations, exceptions } = workspace.result();
    expect({ name, exceptions, failed: totals.failed, completed: iterations.completed }, err).toEqual({
      name,
      exceptions: [],
      failed: 0,
      completed: 1,
    });
  }
});

it('each example can be bundled for k6', { timeout: 120_000 }, async () => {
  for (const { name } of examples) {
    const [test] = await testsOfFile(name, {}, workspace.directory);
    expect(readFileSync(test!.script, 'utf8')).toMatch(/from "k6\/http"/);
  }
  expect(['chat', 'all', 'shop.ts', './x'].map(isTestFile)).toEqual([false, false, true, true]);
});

it('scenarios whose names make the same file name have scripts of their own in k6', async () => {
  const scenario = (name: string) =>
    `defineScenario({ name: '${name}', operations: [], run: async (user) => user.think(1) })`;
  writeFileSync(
    join(workspace.directory, 'names.ts'),
    `import { defineScenario } from '@jarvis-load/engine';\nexport default [${scenario('a b')}, ${scenario('a/b')}];\n`,
  );
  const tests = await testsOfFile('names.ts', {}, workspace.directory);
  expect(tests.map(({ name }) => name)).toEqual(['a b', 'a/b']);
  const entries = tests.map(({ script }) => /"scenario": "[^"]*"/.exec(readFileSync(script, 'utf8'))?.[0]);
  expect(entries).toEqual(['"scenario": "a b"', '"scenario": "a/b"']);
});

it('each example type-checks, strictly', { timeout: 120_000 }, async () => {
  writeFileSync(join(workspace.directory, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(workspace.directory, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        module: 'nodenext',
        target: 'es2023',
        strict: true,
        noUncheckedIndexedAccess: true,
        exactOptionalPropertyTypes: true,
        noEmit: true,
        skipLibCheck: true,
        types: ['node'],
      },
      include: ['*.ts'],
    }),
  );
  const checked = await promisify(execFile)(join(ROOT, 'node_modules', '.bin', 'tsc'), ['-p', '.'], {
    cwd: workspace.directory,
  }).catch((error: unknown) => error as { stdout: string });
  expect(checked.stdout).toBe('');
});
