import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { RunResult } from '@jarvis-load/engine';
import { parseResult } from '@jarvis-load/reporter';
import { requirePeer } from '../../../tools/peers.ts';
import { Workspace } from './support/cli.ts';
import { GOOD } from './support/mistake.ts';

const k6 = requirePeer('k6');
const workspaces: Workspace[] = [];
afterAll(() => {
  for (const workspace of workspaces) workspace.remove();
});

function newWorkspace(): Workspace {
  const made = new Workspace();
  workspaces.push(made);
  return made;
}

/**
 * Enough users to prove the thresholds of each test (a rate under 2 % needs 50 requests), with one iteration each.
 * `--address` gives k6's REST API a free port.
 */
const ENOUGH = ['--address', 'localhost:0', '--vus', '30', '--iterations', '30'];

/** Splits a command line. */
function words(line: string): readonly string[] {
  return line.split(' ');
}

async function server(
  answer: (url: string) => [status: number, body: string],
): Promise<[Server, string, string[]]> {
  const seen: string[] = [];
  const made = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    let body = '';
    request.setEncoding('latin1').on('data', (text: string) => (body += text));
    request.on('end', () => {
      if (body.startsWith('http_req')) seen.push(body.split('\n', 1)[0]!);
      const [status, text] = answer(request.url ?? '');
      response.writeHead(status, { 'content-type': 'application/json' }).end(text);
    });
  });
  await new Promise<void>((resolve) => void made.listen(0, '127.0.0.1', resolve));
  return [made, `http://127.0.0.1:${(made.address() as AddressInfo).port}`, seen];
}

describe.skipIf(k6 === undefined)('jarvis-load k6', () => {
  it.concurrent(
    'runs the chat test on the mock: the files of the suite, our document and views beside them',
    async () => {
      const here = newWorkspace();
      const run = await here.run(
        words(
          'k6 chat --target=mock --set mock.preset=fast --profile=smoke --time-scale=0.03 --tag build=7 --quiet --address localhost:0 --summary-export mine.json',
        ),
      );
      expect(run.code, run.err + run.out).toBe(0);
      expect(run.out).toMatch(/PASS/);
      expect(run.out).toMatch(/time scale/);
      expect(run.out).toMatch(/chat\.send\s+POST \/api\/chat/);
      const files = here.files('results', 'latest');
      const stamp = /\d{8}-\d{6}/.exec(files.find((name) => name.startsWith('chat-api-2'))!)![0];
      expect(files).toEqual(
        expect.arrayContaining([
          `chat-api-${stamp}.json`,
          `chat-api-summary-${stamp}.json`,
          'result.json',
          'report.html',
          'stats.csv',
          'junit.xml',
        ]),
      );
      // They are also in the folder that the old suite used.
      for (const file of [`chat-api-${stamp}.json`, `chat-api-summary-${stamp}.json`]) {
        expect(here.file('results', file)).toBe(here.file('results', 'latest', file));
      }
      const result: RunResult = parseResult(here.file('results', 'latest', 'result.json'), 'result.json');
      expect(result.generator.engine).toBe('k6');
      expect(result.run.tags).toEqual({ build: '7' });
      expect(here.file('mine.json')).toBe(here.file('results', 'latest', `chat-api-summary-${stamp}.json`));
      expect(here.file('mine.json')).not.toMatch(/eyJ\w/);
      expect(result.extensions?.['k6']).toMatchObject({ exitCode: 0, version: '1.8.1' });
      expect(result.config).toMatchObject({ timeScale: 0.03, profile: 'smoke' });
      expect(result.series.points.length).toBeGreaterThan(2);
      expect(here.file('results', 'latest', `chat-api-${stamp}.json`)).toContain('"build":"7"');
      // No file contains the users' token.
      for (const file of files) expect(here.file('results', 'latest', file), file).not.toMatch(/eyJ\w/);

      // Report the same samples again, as from any k6 run.
      const samples = `results/latest/chat-api-${stamp}.json`;
      const again = await here.run(['report', samples]);
      expect(again.code, again.err).toBe(0);
      const report = parseResult(
        here.file('results', 'latest', `chat-api-${stamp}-report`, 'result.json'),
        'x',
      );
      expect(report.totals.outcomes).toEqual(result.totals.outcomes);
      expect(report.metrics).toEqual(result.metrics);
      expect(report.objectives.map(({ operation, route }) => `${operation} ${route}`)).toContain(
        'chat.send /api/chat',
      );
      for (const folder of ['latest', `latest/chat-api-${stamp}-report`])
        expect(here.file('results', folder, 'junit.xml'), folder).toMatch(
          /^<\?xml [^]* errors="0"[^]*"jarvis-load\.verdict"[^]*"jarvis-load\.objectives\.chat\.send"/,
        );
      await here.emptied();
    },
  );

  it.concurrent('an afterRun that throws is a warning: the document of the run is there', async () => {
    const here = newWorkspace();
    const [target, url] = await server(() => [200, '{}']);
    const file = `${GOOD}export const afterRun = () => { throw new Error('no chat server'); };\n`;
    writeFileSync(join(here.directory, 'shop.ts'), file);
    const once = ['--address', 'localhost:0', '--vus', '1', '--iterations', '2', '--quiet'];
    const run = await here.run(['k6', './shop.ts', `--target=${url}`, ...once]);
    target.close();
    expect(run.err).toMatch(/warning: [^]*no chat server/);
    expect(here.result().totals.requests, run.err).toBeGreaterThan(0);
    expect(run.code, run.err).not.toBe(2);
  });

  it.concurrent.each([
    ['k6', ['--address', 'localhost:0', '--users=1', '--duration=60s']],
    ['k6', ['--users=1', '--duration=60s', '--log-format=json', '--log-output=stdout']],
    ['k6', ['--users=1', '--duration=60s', '--log-format=json', '--log-output=file=k6.log']],
    ['load', ['--users=1', '--duration=60s']],
  ])(
    '%s: a scenario that stops the run keeps its reason and is judged, also by its tags',
    async (command, load) => {
      const here = newWorkspace();
      const [target, url] = await server(() => [200, '{}']);
      const file = `import { defineScenario } from '@jarvis-load/engine';
      export default defineScenario({
        name: 'shop', operations: ['GET /cart'], tags: { page: 'cart' },
        thresholds: { 'http_reqs{page:cart}': ['count>100'] },
        async run(user) { await user.get('/cart'); if (user.iteration === 200) user.stop('enough is known'); },
      });\n`;
      writeFileSync(join(here.directory, 'shop.ts'), file);
      const run = await here.run([command, './shop.ts', `--target=${url}`, ...load, '--quiet']);
      target.close();
      const { verdict, run: ran, thresholds } = here.result();
      expect(ran.end, run.err).toEqual({
        kind: 'stopped',
        reason: expect.stringContaining('enough is known') as string,
      });
      expect(thresholds.map(({ status }) => status)).toEqual(['pass']);
      expect([verdict.status, run.code], run.out).toEqual(['pass', 0]);
    },
  );

  it.concurrent(
    'an afterRun that never ends keeps nothing from being written',
    { timeout: 60_000 },
    async () => {
      const here = newWorkspace();
      const [target, url] = await server(() => [200, '{}']);
      const hanging = 'export const afterRun = () => new Promise(() => setInterval(() => undefined, 1000));';
      writeFileSync(join(here.directory, 'shop.ts'), `${GOOD}${hanging}\n`);
      const once = ['--address', 'localhost:0', '--vus', '1', '--iterations', '2', '--quiet'];
      const started = here.start(['k6', './shop.ts', `--target=${url}`, ...once]);
      await started.says(/REPORTS/);
      expect(here.result().totals.requests).toBeGreaterThan(0);
      started.child.kill('SIGINT');
      const { code, err } = await started.ended;
      target.close();
      expect([code, err]).toEqual([130, expect.stringContaining('afterRun did not end within 800ms')]);
    },
  );

  it.concurrent('fails with 99 on a degraded target, with the reasons in words', async () => {
    const here = newWorkspace();
    const run = await here.run(
      words(
        'k6 chat --target=mock --set mock.preset=degraded --profile=smoke --users=10 --time-scale=0.03 --quiet --address localhost:0',
      ),
    );
    expect(run.code, run.err + run.out).toBe(99);
    expect(run.out).toMatch(/FAIL[^]*threshold/);
    expect(here.file('results', 'latest', 'junit.xml')).toMatch(/<failure type="failed" message="FAIL: /);
  });

  it.concurrent(
    'all: goes on after a failed test, says a line for each, and exits with the worst',
    async () => {
      const here = newWorkspace();
      const run = await here.run([
        ...words(
          'k6 all --target=mock --set mock.preset=fast --quiet --objectives=none --set mock.faults.server_error.probability=1 --set mock.faults.server_error.operations=health --',
        ),
        ...ENOUGH,
      ]);
      expect(run.code, run.err + run.out).toBe(99);
      const lines = run.out.trimEnd().split('\n').slice(-4);
      expect(lines.map((line) => line.trim().split(/\s+/))).toEqual([
        ['chat', 'FAIL', 'exit', '99'],
        ['voice', 'PASS'],
        ['memory', 'PASS'],
        ['workflow', 'PASS'],
      ]);
      expect(here.files('results').length).toBe(13); // four runs, k6's two files of each, and `latest`
    },
    60_000,
  );

  it.concurrent(
    'hands on flags of k6: live output to InfluxDB beside the report, behind -- or not',
    async () => {
      const here = newWorkspace();
      const [influx, url, seen] = await server(() => [204, '']);
      const run = await here.run([
        ...words(
          `k6 memory --out influxdb=${url}/k6 --target=mock --set mock.preset=fast --objectives=none --`,
        ),
        ...ENOUGH,
      ]);
      influx.close();
      expect(run.err).toMatch(/THRESHOLDS/); // k6's summary goes to stderr: stdout is reserved for our data.
      expect(run.out).not.toMatch(/█/);
      expect(run.code, run.err).toBe(0);
      expect(seen.join('\n')).toMatch(/\/write\?.*db=k6/);
      expect(here.result().notes.map(({ code }) => code)).toContain('k6-load-replaced');
    },
  );

  it.concurrent('a flag that k6 does not know is refused before any load', async () => {
    const here = newWorkspace();
    const run = await here.run(words('k6 memory --target=mock --no-such-flag'));
    expect(run.code, run.out).toBe(2);
    expect(run.err).toMatch(/unknown flag --no-such-flag/);
  });

  it.concurrent('an API that is not there: exit 3, with the URL, the cause and the next step', async () => {
    const here = newWorkspace();
    const run = await here.run(words('k6 chat --target=http://127.0.0.1:9'));
    expect(run.code).toBe(3);
    expect(run.err).toMatch(/127\.0\.0\.1:9[^]*refused[^]*--target=mock/);
  });

  it.concurrent('a login without a token stops at once', async () => {
    const here = newWorkspace();
    const [api, url, seen] = await server(() => [200, '{"welcome": true}']);
    const run = await here.run(words('k6 chat --quiet'), { API_URL: url });
    api.close();
    expect(run.code, run.err).toBe(3);
    expect(run.err).toMatch(/without a login/);
    expect(seen.length).toBeLessThan(8);
  });

  it.concurrent('a target that only fails: the circuit breaker stops k6 long before its end', async () => {
    const here = newWorkspace();
    const run = await here.run(
      words(
        'k6 chat --target=mock --profile=smoke --quiet --address localhost:0 --set mock.preset=fast --set mock.faults.server_error=1 --set mock.faults.sparePhases=probe,setup',
      ),
    );
    // No chat request was answered, so its latency has no data, which takes precedence over a failure.
    expect(run.code, run.err).toBe(98);
    expect(run.err).toMatch(/circuit breaker ends the run: 100% of \d+ requests failed/);
    expect(here.result().run.end.kind).toBe('circuit-breaker');
    expect(here.result().run.durationMs).toBeLessThan(30_000);
  });

  it('Ctrl-C: reports long before the end, exit 130, nothing left running', async () => {
    const here = newWorkspace();
    const run = here.start(words('k6 chat --target=mock --set mock.preset=fast --address localhost:0'));
    await run.says(/running \(0m0[45]/);
    const at = performance.now();
    run.child.kill('SIGINT');
    const { code, out, err } = await run.ended;
    expect(performance.now() - at).toBeLessThan(20_000);
    expect(code, err).toBe(130);
    expect(out).toMatch(/chat\.send/);
    expect(here.result().run.end).toEqual({ kind: 'aborted', reason: 'SIGINT' });
    expect(here.result().iterations.interrupted).toBeGreaterThan(0);
    await here.emptied();
  });
});

describe('jarvis-load k6, before anything runs', () => {
  it.concurrent.each([
    [
      ['k6', '--out', 'influxdb=http://h/k6', 'voice'],
      /--out of k6 stands before the test[^]*jarvis-load k6 voice --out/,
    ],
    [
      ['k6', '--out=influxdb=http://me:pass@h/k6', './a.ts'],
      /^(?!.*pass)[^]*--out of k6 stands before the test[^]*k6 \.\/a\.ts --out/,
    ],
    [
      ['k6', 'chat', '--target=mock', '--profile=nope'],
      /^error: --profile: unknown profile "nope"[^]*jarvis-load profiles/,
    ],
    [['k6', 'chatt'], /unknown k6 test "chatt"[^]*did you mean chat/],
    [
      ['k6', 'chat-stream'],
      /no test "chat-stream"[^]*server-sent events[^]*npx jarvis-load load --scenario=chat-stream/,
    ],
    [['k6', 'chat', '--', '-e', 'API_URL=http://example.com'], /-e API_URL of k6 cannot be used here/],
    [
      ['k6', 'chat', '--', '--env=JARVIS_LOAD_TARGET=http://x'],
      /--env JARVIS_LOAD_TARGET of k6 cannot be used/,
    ],
    [['k6', 'all', '--summary-export', 'x.json'], /--summary-export=x\.json of k6: 4 tests would write it/],
    [['k6', 'chat', '--summary-export=none/x.json'], /its folder does not exist/],
    [['k6', 'chat', '--summary-export=.'], /--summary-export=\. of k6: is no file/],
    [['k6', 'chat', '--no-summary'], /--no-summary of k6 cannot[^]*--quiet of jarvis-load/],
    [['k6', 'chat', '--no-setup'], /--no-setup of k6 cannot be used here/],
  ])('%j is refused', async (args, message) => {
    const run = await newWorkspace().run(args);
    expect(run.code, run.err).toBe(2);
    expect(run.err).toMatch(message);
  });

  it.concurrent('a target that nobody allowed is refused with exit 4', async () => {
    const run = await newWorkspace().run(['k6', 'chat', '--target=https://example.com']);
    expect(run.code).toBe(4);
    expect(run.err).toMatch(/may not be loaded/);
  });
});
