import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RunResult } from '@jarvis-load/engine/result';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  serveExamples,
  type ExamplesServer,
} from '../../../packages/engine/test/fixtures/examples-server.ts';
import { tableOfLines } from '../../../examples/compare/count-lines.ts';
import { requirePeer } from '../../../tools/peers.ts';
import { testsOfFile } from '../src/k6/test-of-file.ts';
import { Workspace } from './support/cli.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const SCENARIOS = join(ROOT, 'examples', 'scenarios');
const COMPARE = join(ROOT, 'examples', 'compare');
const NAMES = ['shop', 'graphql', 'transcription', 'site', 'tenants'];
const k6 = requirePeer('k6');
const locust = requirePeer('locust');
const run = promisify(execFile);

/** Runs each task of each file five times, so that nothing depends on the speed of the machine. */
const ONCE = `
import gevent, importlib.util, inspect, os
from locust import HttpUser, User, task
from locust.exception import StopUser

class Once(User):
    @task
    def all(self):
        for path in os.environ["FILES"].split(","):
            spec = importlib.util.spec_from_file_location("script", path)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            for found in list(vars(module).values()):
                if inspect.isclass(found) and issubclass(found, HttpUser) and found is not HttpUser:
                    found.host = self.environment.host
                    user = found(self.environment)
                    user.on_start()
                    for _ in range(5):
                        for each in found.tasks:
                            each(user)
        gevent.spawn(self.environment.runner.quit)
        raise StopUser()
`;

const workspace = new Workspace();
let server: ExamplesServer;
beforeAll(async () => void (server = await serveExamples()));
afterAll(async () => {
  await server.close();
  workspace.remove();
});

const byName = ([a]: readonly unknown[], [b]: readonly unknown[]): number =>
  String(a).localeCompare(String(b));

/** What the server saw, each line once, in the order of the alphabet. */
const seenOnce = (): string[] => [...new Set(server.seen.splice(0))].sort();

describe('the examples in k6', () => {
  it.skipIf(k6 === undefined)(
    'the same file runs in the real k6: the server sees the same requests, and the report has the same rows',
    { timeout: 120_000 },
    async () => {
      server.seen.splice(0);
      const names = ['shop', 'tenants', 'graphql', 'transcription', 'site'];
      const file = names
        .map(
          (name) => `export { default as ${name} } from ${JSON.stringify(join(SCENARIOS, `${name}.ts`))};\n`,
        )
        .join('');
      writeFileSync(join(workspace.directory, 'all.ts'), file);
      const once = ['--address', 'localhost:0', '--vus', '1', '--quiet', '--iterations', '5'];
      const ran = await workspace.run(['k6', './all.ts', `--target=${server.url}`, ...once]);
      const results = readdirSync(join(workspace.directory, 'results'), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => JSON.parse(workspace.file('results', name, 'result.json')) as RunResult);
      const rows = results.map(({ scenarios, totals, exceptions, operations }) => [
        scenarios[0]?.name,
        totals.failed,
        exceptions,
        operations.map(({ operation, requests }) => `${operation} ${requests}`),
      ]);
      expect(rows.toSorted(byName), ran.err).toEqual([
        ['graphql', 0, [], ['books 5', 'author 5']],
        ['shop', 0, [], ['log in 1', 'search 5', 'order 5', 'POST /orders/{id}/receipts 5']],
        ['site', 0, [], ['page 5', 'asset 30']],
        ['tenants', 0, [], ['GET /tenants/{tenant}/reports 4', 'POST /tenants/{tenant}/reports 1']],
        ['transcription', 0, [], ['transcribe 5']],
      ]);
      const shop = results.find(({ scenarios }) => scenarios[0]?.name === 'shop');
      expect(shop?.tags?.map(({ tag, value, requests }) => [tag, value, requests])).toEqual([
        ['page', 'search', 5],
        ['page', 'checkout', 5],
      ]);
      expect(seenOnce()).toEqual([
        'GET /',
        ...['app.css', 'app.js', 'data.json', 'font.woff2', 'hero.webp', 'logo.svg'].map(
          (name) => `GET /assets/${name}`,
        ),
        'GET /search?q=tea+%26+cups',
        'GET /tenants/acme/reports?region=eu',
        'POST /graphql',
        'POST /login',
        'POST /orders',
        'POST /orders/o-1/receipts',
        'POST /tenants/acme/reports',
        'POST /v1/audio/transcriptions',
      ]);
    },
  );

  it('says by name what of a file k6 cannot do', async () => {
    const said = async (name: string, settings: Parameters<typeof testsOfFile>[1] = {}): Promise<string> =>
      testsOfFile(name, settings, workspace.directory).then(
        (tests) => `runs: ${tests.map((test) => test.name).join(', ')}`,
        (error: unknown) => (error as Error).message,
      );
    expect(await said(join(SCENARIOS, 'chat-completions.ts'))).toContain(
      'streamed answers (chat: chat.completions)',
    );
    const write = (name: string, head: string, parts: string): void =>
      writeFileSync(
        join(workspace.directory, name),
        `import { defineScenario } from '@jarvis-load/engine';\n${head}export default defineScenario({ name: 'x', operations: ['GET /'], run: async (user) => void (await user.get('/')), ${parts} });\n`,
      );
    write('bases.ts', '', "bases: { auth: { url: 'https://localhost:1', tls: { ca: 'x' } } }");
    write('two.ts', '', "bases: { auth: 'https://localhost:1' }");
    write(
      'units.ts',
      '',
      "metrics: [{ name: 'own', kind: 'trend', unit: 's' }], thresholds: { http_req_duration: ['p(95)<1.5s', 'p(95)<500ms over 10s'], own: ['p(95)<500ms'], ttft: ['p(95)<1'] }",
    );
    write(
      'node.ts',
      "import { readFileSync } from 'node:fs';\nexport const text = () => readFileSync('x');\n",
      '',
    );
    write(
      'plain.ts',
      '',
      "thresholds: { http_req_duration: ['p(95)<500', 'p(95) < 500ms'], http_req_failed: ['rate<1%'] }",
    );
    expect(await said('bases.ts')).toContain('options of TLS of a base address (x: auth)');
    expect(await said('two.ts', { cert: 'a.pem' })).toContain(
      '--cert beside further base addresses (x: auth)',
    );
    expect(await said('units.ts')).toContain(
      'thresholds beyond those of k6 (x: http_req_duration: p(95)<1.5s, http_req_duration: p(95)<500ms over 10s, own: p(95)<500ms, ttft: p(95)<1)',
    );
    expect(await said('node.ts')).toContain('k6 has no modules of Node, and the file imports node:fs');
    const uses = "import { hostname } from 'node:os';\nexport const name = () => hostname();\n";
    writeFileSync(join(workspace.directory, 'uses-node.js'), uses);
    write('neighbour.ts', "import { name } from './uses-node.js';\nexport const host = name;\n", '');
    expect(await said('neighbour.ts')).toContain('and uses-node.js imports node:os');
    expect(await said('plain.ts')).toBe('runs: x');
  });
});

describe('the same tests written for k6 and Locust', () => {
  it.skipIf(k6 === undefined)('run in k6, without a failed check', { timeout: 120_000 }, async () => {
    for (const name of NAMES) {
      server.seen.splice(0);
      const iterations = name === 'tenants' ? '5' : '1';
      const script = join(COMPARE, `${name}.k6.js`);
      await run(
        k6!,
        ['run', '--no-usage-report', '--address=', '--quiet', '--iterations', iterations, script],
        {
          env: { ...process.env, TARGET: server.url },
        },
      );
      expect(server.seen.length, name).toBeGreaterThan(0);
    }
  });

  it.skipIf(locust === undefined)('run in Locust, without a failure', { timeout: 120_000 }, async () => {
    server.seen.splice(0);
    writeFileSync(join(workspace.directory, 'once.py'), ONCE);
    const files = NAMES.map((name) => join(COMPARE, `${name}.locust.py`)).join(',');
    // Exit code 1 where a request failed.
    await run(locust!, ['-f', 'once.py', '--headless', '-u', '1', '-t', '60s', '-H', server.url], {
      cwd: workspace.directory,
      env: { ...process.env, FILES: files },
    });
    const seen = seenOnce();
    for (const line of ['POST /orders/o-1/receipts', 'POST /graphql', 'POST /v1/audio/transcriptions'])
      expect(seen).toContain(line);
    expect(seen).toContain('POST /tenants/acme/reports');
    expect(seen.filter((line) => line.startsWith('GET /assets/'))).toHaveLength(6);
  });

  it('their lines are counted in the guide', () => {
    const guide = readFileSync(join(ROOT, 'docs', 'guides', 'coming-from.md'), 'utf8');
    expect(guide).toContain(tableOfLines());
    expect(readdirSync(COMPARE).filter((name) => /\.(k6\.js|locust\.py)$/.test(name))).toHaveLength(10);
  });
});
