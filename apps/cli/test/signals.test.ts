import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Workspace, type Started } from './support/cli.ts';

let workspace: Workspace;
let silent: Server | undefined;
beforeEach(() => void (workspace = new Workspace()));
afterEach(() => {
  workspace.remove();
  silent?.close();
  silent = undefined;
});

const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
const ROOT = join(import.meta.dirname, '..', '..', '..');
const LOAD = ['load', '--target=mock', '--users=4', '--duration=60s'];

/** The run lasts 60 s: what ends within this time has not waited for it, however busy the machine is. */
const LONG_BEFORE_ITS_END_MS = 25_000;

async function end(started: Started, signal: keyof typeof CODES) {
  const sentAt = performance.now();
  started.child.kill(signal);
  const ended = await started.ended;
  return { ...ended, withinMs: performance.now() - sentAt };
}

describe.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s', (signal) => {
  it('in the middle of a run: reports long before its end, no process left', async () => {
    const started = workspace.start(LOAD);
    await started.says(/^0:[0-4]\d/m);
    const { code, withinMs, out } = await end(started, signal);
    expect(code).toBe(CODES[signal]);
    expect(withinMs).toBeLessThan(LONG_BEFORE_ITS_END_MS);
    await workspace.emptied();
    expect(workspace.result().run.end).toEqual({ kind: 'aborted', reason: signal });
    expect(workspace.files('results', 'latest')).toEqual([
      'exceptions.csv',
      'failures.csv',
      'history.csv',
      'report.html',
      'result.json',
      'stats.csv',
    ]);
    expect(out).toContain('NOT VALID');
  });

  it('while the warm-up is on: still a document', async () => {
    const started = workspace.start(LOAD);
    await started.says(/warming up/);
    const { code, withinMs } = await end(started, signal);
    expect(code).toBe(CODES[signal]);
    expect(withinMs).toBeLessThan(LONG_BEFORE_ITS_END_MS);
    await workspace.emptied();
    expect(workspace.result().run.end.kind).toBe('aborted');
    expect(workspace.result().verdict.status).toBe('not-valid');
  });

  it.each([0, 150, 300, 500, 700, 1000, 1400])('%i ms after the start: no process left', async (afterMs) => {
    const started = workspace.start(LOAD);
    await once(started.child, 'spawn');
    await sleep(afterMs);
    const { code, signal: by, withinMs, err } = await end(started, signal);
    // Before the program has installed its handlers, the signal itself ends it.
    if (code === null) expect(by).toBe(signal);
    else expect(code, err).toBe(CODES[signal]);
    expect(withinMs).toBeLessThan(LONG_BEFORE_ITS_END_MS);
    await workspace.emptied();
  });

  it('while the probe waits for an answer: ends at once, saying that nothing was sent', async () => {
    silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const connected = once(silent, 'connection');
    const { port } = silent.address() as { port: number };
    const started = workspace.start(['load', `--target=http://127.0.0.1:${port}`]);
    await connected;
    const { code, err, withinMs } = await end(started, signal);
    expect(code).toBe(CODES[signal]);
    expect(err).toMatch(/before any load was sent/);
    expect(withinMs).toBeLessThan(LONG_BEFORE_ITS_END_MS);
  });

  it('ends the mock command', async () => {
    const started = workspace.start(['mock', '--port=0']);
    await started.says(/Ctrl-C ends it/);
    const { code, withinMs } = await end(started, signal);
    expect(code).toBe(CODES[signal]);
    expect(withinMs).toBeLessThan(LONG_BEFORE_ITS_END_MS);
    await workspace.emptied();
  });
});

describe('signals', () => {
  it('that come twice within half a second are one', async () => {
    const started = workspace.start([...LOAD, '--set', 'mock.latency.default=800', '--scenario=memory']);
    await started.says(/^0:[0-4]\d/m);
    started.child.kill('SIGTERM');
    await sleep(100);
    const { code } = await end(started, 'SIGTERM');
    expect(code).toBe(143);
    expect(workspace.result().run.end.kind).toBe('aborted');
  });

  it('of which a second one comes later end the run at once', async () => {
    // Every answer takes longer than the drain time.
    const started = workspace.start([
      ...LOAD,
      '--scenario=memory',
      '--set',
      'mock.latency.memory.store=20000',
    ]);
    await started.says(/^0:[0-4]\d/m);
    started.child.kill('SIGINT');
    await sleep(700);
    const { code, withinMs } = await end(started, 'SIGINT');
    expect(code).toBe(130);
    expect(withinMs).toBeLessThan(LONG_BEFORE_ITS_END_MS);
    await workspace.emptied();
    expect(workspace.result().iterations.interrupted).toBeGreaterThan(0);
  });

  it('leave reports of a target that has frozen', async () => {
    const mock = workspace.start(['mock', '--port=0']);
    await mock.says(/listens on http/);
    const url = /listens on (\S+)/.exec(mock.out())?.[1] ?? '';
    const started = workspace.start([
      'load',
      `--target=${url}`,
      '--users=4',
      '--duration=60s',
      '--scenario=chat-user',
    ]);
    // Wait for answers first, however busy the machine is, then freeze the mock.
    await started.says(/p50 \d/);
    const frozen = await fetch(`${url}/__mock/freeze`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ durationMs: 60_000 }),
    });
    expect(frozen.ok).toBe(true);
    const { code } = await end(started, 'SIGTERM');
    expect(code).toBe(143);
    expect(workspace.result().totals.requests).toBeGreaterThan(0);
    await end(mock, 'SIGTERM');
    await workspace.emptied();
  });

  it('that cannot be caught leave no mock behind either', async () => {
    const started = workspace.start(LOAD);
    await started.says(/^0:[0-4]\d/m);
    expect(workspace.processes()).toHaveLength(2);
    started.child.kill('SIGKILL');
    await started.ended;
    await workspace.emptied();
  });
});

describe('npx', () => {
  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'that %s ends: the run ends as if signalled, with its document',
    async (signal) => {
      const through = ['npx', '--prefix', ROOT, '--no', 'jarvis-load'];
      const started = workspace.start(LOAD, {}, through);
      await started.says(/^0:[0-4]\d/m);
      started.child.kill(signal);
      await workspace.emptied(15_000);
      expect(workspace.result().run.end).toEqual({ kind: 'aborted', reason: 'SIGTERM' });
    },
  );
});
