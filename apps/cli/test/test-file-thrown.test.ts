import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runLoad } from '@jarvis-load/engine';
import { afterAll, expect, it } from 'vitest';
import { chooseTests } from '../src/run/choose-tests.ts';
import { createScenarios } from '../src/suites/suites.ts';
import { exceptionErrors } from '../src/test-file/exception-errors.ts';
import { threwError } from '../src/test-file/run-error.ts';
import { CONTEXT } from './support/create-context.ts';
import { startEcho } from './support/shop-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'jarvis-load-thrown-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Code of `run`, what is said of it, and the next step. The code is on line 4. */
const THROWN: Readonly<Record<string, readonly [code: string, says: string, helps: string]>> = {
  'an address in place of a path': [
    `await user.get('http://example.org/cart')`,
    'shop: requests GET http://example.org/cart; expected a path that starts with "/"',
    'correct the line',
  ],
  'a path without a slash': [`await user.get('cart')`, `as in 'GET /cart'`, 'correct the line'],
  'an unknown route': [`await user.get('/carts')`, `Did you mean 'GET /cart'?`, 'correct the line'],
  'a route as Express writes it': [
    `await user.get('/old/:id', { params: { id: 7 } })`,
    'expected the route as /old/{id}',
    'correct the line',
  ],
  'a missing await': [`user.get('/cart').json()`, 'json is not a function', 'put await before the request'],
  'a misspelt method': [`await user.gett('/cart')`, 'user.gett is not a function', 'did you mean user.get?'],
  'another user': [
    `{ const user: any = {}; await user.get('/cart'); }`,
    'user2.get is not a function',
    'look at which user this is',
  ],
  'a method of k6': [`user.sleep(1)`, 'user.sleep is not a function', 'await user.think(1)'],
  'a variable of k6': [`await user.get('/cart', { query: { q: __ENV.Q } })`, '__ENV', `process.env['NAME']`],
  'a check that is no function': [
    `user.check(await user.get('/cart'), { ok: true })`,
    `check 'ok' is true; expected a function`,
    'correct the line',
  ],
  'a member of nothing': [`(await user.get('/cart')).body.items`, `reading 'items'`, 'with a schema'],
  'a feeder that is not declared': [`user.feed(rows)`, 'takes a row of feeder "rows"', 'correct the line'],
  'a text that is thrown': [`throw 'no stock'`, `threw 'no stock'`, 'throw new Error'],
  'the end of the process': [`process.exit(0)`, 'process.exit(0) would end the run', 'correct the code'],
};

it('a mistake that shows only in a run is shown with its place and a next step', async () => {
  const server = await startEcho(() => undefined, {});
  try {
    for (const [index, [code]] of Object.values(THROWN).entries()) {
      // As file managers name a copy.
      const cwd = join(folder, `thrown (${index}) of x`);
      mkdirSync(cwd);
      const head = `import { defineScenario, feeder } from '@jarvis-load/engine';\nconst rows = feeder.of([{ a: 1 }], { name: 'rows' });\n`;
      writeFileSync(
        join(cwd, 'shop.ts'),
        `${head}export default defineScenario({ name: 'shop', operations: ['GET /cart', 'GET /old/:id'], async run(user) {\n  ${code};\n} });\nexport { rows };\n`,
      );
      const { suite } = await chooseTests({}, cwd, 'shop.ts');
      const executor = { kind: 'per-vu-iterations', vus: 1, iterations: 1 } as const;
      const scenarios = createScenarios(suite, ['shop'], CONTEXT).map((each) => ({ ...each, executor }));
      const result = await runLoad({ baseUrl: server.url, warmUp: false, scenarios });
      const shown = exceptionErrors(result, suite.origin!.file);
      const [name, [, says, helps]] = Object.entries(THROWN)[index]!;
      expect({ name, shown: shown.map((error) => error.describe()) }).toEqual({
        name,
        shown: [expect.stringContaining(says)],
      });
      if (!code.startsWith('throw ')) expect(shown[0]!.message).toMatch(/ {4}shop\.ts:4:\d+\n/);
      expect(result.exceptions[0]!.message).not.toContain('EngineError');
      expect(shown[0]!.next).toContain(helps);
    }
  } finally {
    await server.close();
  }
});

it('what setup and teardown throw has its place', async () => {
  const server = await startEcho(() => undefined, {});
  const cwd = join(folder, 'hooks');
  mkdirSync(cwd);
  const reasonOf = async (hook: string): Promise<string> => {
    writeFileSync(
      join(cwd, `${hook}.ts`),
      `import { defineScenario } from '@jarvis-load/engine';\nexport default defineScenario({ name: 'shop', operations: ['GET /cart'], async ${hook}() {\n  throw new Error('no stock');\n}, async run(user) { await user.get('/cart'); } });\n`,
    );
    const { suite } = await chooseTests({}, cwd, `${hook}.ts`);
    const executor = { kind: 'per-vu-iterations', vus: 1, iterations: 1 } as const;
    const scenarios = createScenarios(suite, ['shop'], CONTEXT).map((each) => ({ ...each, executor }));
    const { run, notes } = await runLoad({ baseUrl: server.url, warmUp: false, scenarios });
    return [run.end.reason, ...notes.map(({ text }) => text)].join('\n');
  };
  expect(await reasonOf('setup')).toContain('no stock (setup.ts:3:9)');
  expect(await reasonOf('teardown')).toContain('no stock (teardown.ts:3:9)');
  await server.close();
});

// Vitest has these names and exports in place of Node, whose messages are given here.
it.each([
  [
    new SyntaxError("The requested module 'file:///x/index.js' does not provide an export named 'scenario'"),
    'imports scenario, which the package does not export',
    'correct the name',
  ],
  [
    new ReferenceError('__dirname is not defined in ES module scope'),
    'threw while it was loaded: ReferenceError: __dirname',
    'import.meta.dirname',
  ],
])('what Node says of an import is said in words of the file: %s', (error, says, helps) => {
  const path = join(folder, 'imports.ts');
  writeFileSync(path, `import { scenario } from '@jarvis-load/engine';\n`);
  const file = { given: 'imports.ts', path, module: '', sources: [path], cwd: folder };
  const { message, next } = threwError(error, file, 'while it was loaded');
  expect(message).toContain(says);
  expect(next).toContain(helps);
  expect(message).not.toContain('file://');
});
