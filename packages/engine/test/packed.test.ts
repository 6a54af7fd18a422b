import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveHttp, type Loopback } from './fixtures/loopback.ts';

const execute = promisify(execFile);
const PACKAGE = join(import.meta.dirname, '..');
const ROOT = join(PACKAGE, '..', '..');
/** npm may have to download the two dependencies. */
const INSTALL_MS = 120_000;

const TEN_LINES = `import { defineScenario, runLoad } from '@jarvis-load/engine';

const health = defineScenario({
  name: 'health',
  operations: [{ name: 'health', method: 'GET', route: '/health' }],
  run: async (user) => void (await user.request({ operation: 'health', path: '/health' })),
  executor: { kind: 'per-vu-iterations', vus: 3, iterations: 5 },
});
const { verdict, totals } = await runLoad({ baseUrl: process.argv[2], scenarios: [health] });
console.log(verdict.status, totals.requests, totals.responseTime.count);
`;

/** Uses a type of every entry, each in a way that a missing one would turn to \`any\`, which the second half refuses. */
const TYPED = `import {
  runLoad, startLoad, openClient, defineScenario, EngineError, OUTCOMES,
  type RunOptions, type RunResult, type RunEvent, type ExecutorOptions, type Outcome, type LoadShape,
} from '@jarvis-load/engine';
import { VirtualClock, ScriptedTarget } from '@jarvis-load/engine/testing';
import { PERCENTILES, RunResultSchema, type Verdict, type OperationStats } from '@jarvis-load/engine/result';
import { decodeHistogram, Histogram, formatLogLine, formatPercentiles } from '@jarvis-load/engine/recorder';
import { outcomeOfStatus } from '@jarvis-load/engine/outcome';

type IsAny<T> = 0 extends 1 & T ? true : false;
const known = <T>(value: IsAny<T> extends true ? never : T): T => value as T;

const shape: LoadShape = (seconds) => (seconds < 2 ? { users: 3 } : undefined);
const executor: ExecutorOptions = { kind: 'load-shape', shape };
const scenario = defineScenario<{ token: string }, number>({
  name: 'typed',
  operations: [{ name: 'ask', method: 'POST', route: '/ask', accepts: (r) => (r.status === 200 ? undefined : 'no') }],
  setup: async (user) => ({ token: String(user.random()) }),
  onStart: async (_user, shared) => shared.token.length,
  run: async (user, { shared, state }) => {
    const answer = await user.request({ operation: 'ask', path: '/', json: { token: shared.token, n: state.toFixed() } });
    const outcome: Outcome = answer.outcome;
    user.check(answer, { fast: (r) => r.timings.responseTimeMs < 10 && outcome === 'ok' });
  },
  executor,
});
// @ts-expect-error a kind that there is not
const wrong: ExecutorOptions = { kind: 'constant-users', duration: 1 };
const clock = new VirtualClock();
const options: RunOptions = {
  baseUrl: 'http://jarvis.test',
  scenarios: [scenario],
  clock,
  transport: new ScriptedTarget(clock, ({ number }) => ({ afterMs: number })),
};
const run = startLoad(options);
for await (const event of run.events()) {
  const known: RunEvent = event;
  if (known.type === 'interval') console.log(known.response.p95Ms?.toFixed(1), wrong);
}
const result: RunResult = await run.result;
const verdict: Verdict = known(result.verdict);
const stats: OperationStats = known(result.totals);
const p95: number | null = known(stats.responseTime.percentiles.p95);
const histogram = known(new Histogram());
const snapshot = known(decodeHistogram(stats.responseTime.histogram ?? ''));
const text: string = known(formatPercentiles(snapshot)) + formatLogLine({ startMs: 0, endMs: 1, histogram: snapshot });
console.log(verdict.status, p95, histogram.count, text, PERCENTILES[0], RunResultSchema.type, outcomeOfStatus(200), OUTCOMES);
await openClient({ baseUrl: 'http://127.0.0.1:1', operations: [] }).close();
await runLoad(options).catch((error: unknown) => error instanceof EngineError && error.code === 'invalid-option');
`;

let folder: string;
let server: Loopback;

beforeAll(async () => {
  server = await serveHttp((_request, response) => response.end('{}'));
  folder = await mkdtemp(join(tmpdir(), 'jarvis-load-packed-'));
  const { stdout } = await execute('npm', ['pack', '--json', '--pack-destination', folder], { cwd: PACKAGE });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  await execute(
    'npm',
    ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', `./${filename}`],
    { cwd: folder },
  );
}, INSTALL_MS);
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the packed engine, installed into an empty folder', () => {
  it('runs a ten-line program in JavaScript', async () => {
    await writeFile(join(folder, 'program.js'), TEN_LINES);
    const { stdout, stderr } = await execute(process.execPath, ['program.js', server.url], { cwd: folder });
    expect({ stdout, stderr }).toEqual({ stdout: 'pass 15 15\n', stderr: '' });
  });

  it('runs it on two threads, from a module', async () => {
    await writeFile(
      join(folder, 'scenarios.js'),
      `export default ({ iterations }) => ({
        name: 'health',
        operations: [{ name: 'health', method: 'GET', route: '/health' }],
        run: async (user) => void (await user.request({ operation: 'health', path: '/health' })),
        executor: { kind: 'per-vu-iterations', vus: 4, iterations },
      });`,
    );
    await writeFile(
      join(folder, 'threads.js'),
      `import { runLoad } from '@jarvis-load/engine';
      const module = new URL('./scenarios.js', import.meta.url).href;
      const result = await runLoad({ baseUrl: process.argv[2], threads: 2, scenarios: { module, options: { iterations: 5 } } });
      console.log(result.verdict.status, result.totals.requests, result.health.threads.length);`,
    );
    const { stdout, stderr } = await execute(process.execPath, ['threads.js', server.url], { cwd: folder });
    expect({ stdout, stderr }).toEqual({ stdout: 'pass 20 2\n', stderr: '' });
  });

  it('has types for everything a strict program in TypeScript touches', async () => {
    await writeFile(join(folder, 'typed.ts'), TYPED);
    await writeFile(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          module: 'nodenext',
          target: 'es2022',
          lib: ['es2023'],
          types: ['node'],
          strict: true,
          exactOptionalPropertyTypes: true,
          noUncheckedIndexedAccess: true,
          skipLibCheck: false,
          noEmit: true,
        },
        include: ['typed.ts'],
      }),
    );
    const tsc = join(ROOT, 'node_modules', '.bin', 'tsc');
    const { stdout } = await execute(tsc, ['-p', '.'], { cwd: folder }).catch(
      (error: unknown) => error as { stdout: string },
    );
    expect(stdout).toBe('');
  });
});
