import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { MockError, spawnMock } from '../src/index.ts';
import type { SpawnedMock } from '../src/index.ts';
import { call } from './support/call.ts';
import { eventually } from './support/eventually.ts';

const started: SpawnedMock[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((mock) => mock.close()));
});
async function start(...args: Parameters<typeof spawnMock>): Promise<SpawnedMock> {
  const mock = await spawnMock(...args);
  started.push(mock);
  return mock;
}
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const refusal = (promise: Promise<unknown>): Promise<MockError> =>
  promise.then(
    () => expect.unreachable(),
    (error: unknown) => error as MockError,
  );

/** Starts a process that starts a mock and prints the mock's pid and URL on its first line. */
async function startParent(): Promise<{
  kill: (signal: NodeJS.Signals) => void;
  mockPid: number;
  url: string;
}> {
  const program = fileURLToPath(new URL('support/parent.mjs', import.meta.url));
  const parent = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const { pid, url } = JSON.parse(line.toString()) as { pid: number; url: string };
  return { kill: (signal) => parent.kill(signal), mockPid: pid, url };
}

describe('a mock in a process of its own', () => {
  it('serves, counts, and changes its settings', async () => {
    const mock = await start({ preset: 'fast', settings: ['seed=9'] });
    expect(mock.config).toMatchObject({ preset: 'fast', seed: 9 });
    expect(mock.pid).not.toBe(process.pid);
    expect((await call(mock.url, 'GET', '/health')).status).toBe(200);
    expect((await mock.counters()).rows).toMatchObject([{ operation: 'health', outcomes: { ok: 1 } }]);
    expect(await mock.configure({ settings: ['capacity=3'] })).toMatchObject({ capacity: { all: 3 } });
    await mock.freeze(100);
    const before = performance.now();
    await call(mock.url, 'GET', '/health');
    expect(performance.now() - before).toBeGreaterThanOrEqual(80);
    await mock.reset();
    expect((await mock.counters()).rows).toEqual([]);
  });

  it('has ended after close, which may be called twice', async () => {
    const mock = await start({ preset: 'fast' });
    await mock.close();
    await mock.close();
    expect(isAlive(mock.pid)).toBe(false);
    expect(await mock.exited).toEqual({ code: 0, signal: null });
    expect(await refusal(mock.counters())).toMatchObject({ code: 'child_failed' });
  });

  it('says clearly that a port is in use, and which', async () => {
    const mock = await start({ preset: 'fast' });
    const error = await refusal(start({ port: mock.port }));
    expect(error).toBeInstanceOf(MockError);
    expect(error.code).toBe('port_in_use');
    expect(error.message).toContain(String(mock.port));
  });

  it('says clearly what is wrong with a setting', async () => {
    expect(await refusal(start({ settings: ['capcity=3'] }))).toMatchObject({
      code: 'invalid_setting',
      message: expect.stringContaining('Did you mean capacity?'),
    });
    const mock = await start({ preset: 'fast' });
    expect(await refusal(mock.configure({ preset: 'fats' }))).toMatchObject({ code: 'unknown_preset' });
    expect((await call(mock.url, 'GET', '/health')).status).toBe(200);
  });

  it('says that it has to be built, and where it was looked for', async () => {
    expect(await refusal(start({ childPath: '/nowhere/child.js' }))).toMatchObject({
      code: 'child_not_built',
      message: expect.stringContaining('/nowhere/child.js'),
    });
  });

  it('does not end on SIGINT and SIGTERM while its parent lives', async () => {
    const mock = await start({ preset: 'fast' });
    process.kill(mock.pid, 'SIGINT');
    process.kill(mock.pid, 'SIGTERM');
    expect((await call(mock.url, 'GET', '/health')).status).toBe(200);
    expect(isAlive(mock.pid)).toBe(true);
  });

  it('rejects a waiting call when it is killed', async () => {
    const mock = await start({ preset: 'fast' });
    process.kill(mock.pid, 'SIGKILL');
    expect(await mock.exited).toEqual({ code: null, signal: 'SIGKILL' });
    expect((await refusal(mock.counters())).message).toContain('ended');
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)('is gone when its parent is gone by %s', async (signal) => {
    const { kill, mockPid, url } = await startParent();
    expect((await call(url, 'GET', '/health')).status).toBe(200);
    // A pending answer must not delay the exit.
    const hanging = call(url, 'POST', '/__mock/freeze', { body: { durationMs: 60_000 } });
    await hanging;
    const pending = call(url, 'GET', '/health').catch(() => 'cut off');
    kill(signal);
    await eventually(() => expect(isAlive(mockPid)).toBe(false));
    expect(await pending).toBe('cut off');
  });

  it('refuses to run without a parent', async () => {
    const program = fileURLToPath(new URL('../dist/child.js', import.meta.url));
    const child = fork(program, [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] });
    child.disconnect();
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(0);
    const alone = spawn(process.execPath, [program], { stdio: ['ignore', 'ignore', 'pipe'] });
    const [text] = (await once(alone.stderr, 'data')) as [Buffer];
    expect(text.toString()).toContain('npx jarvis-load mock');
    if (alone.exitCode === null) await once(alone, 'exit');
    expect(alone.exitCode).toBe(2);
  });
});
