import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redactor } from '@jarvis-load/engine';
import type { RunResult } from '@jarvis-load/engine/result';
import { spawnMock } from '@jarvis-load/mock-jarvis';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { CommandContext } from '../src/commands/command.ts';
import { NO_CONFIG_FILE } from '../src/config/read-config.ts';
import { Interruption } from '../src/run/interruption.ts';
import { CliSession } from '../src/session/cli-session.ts';
import { openTarget, type OpenTarget } from '../src/target/open-target.ts';

const cwd = mkdtempSync(join(tmpdir(), 'jarvis-session-'));
afterAll(() => rmSync(cwd, { recursive: true }));

const context: CommandContext = {
  cwd,
  config: NO_CONFIG_FILE,
  argv: ['ui'],
  environment: {},
  out: { write: () => true },
  err: { write: () => true },
  interruption: new Interruption(new EventEmitter(), () => undefined),
  redactor: new Redactor(),
  keyboard: { isThere: false, open: () => () => undefined },
  guardChild: () => () => undefined,
};

const silent = { say: () => undefined, warn: () => undefined };

/** What the session opened, and in which states it was. */
interface Driven {
  readonly session: CliSession;
  readonly opened: OpenTarget[];
  readonly states: string[];
}

const sessions: CliSession[] = [];
afterEach(async () => {
  for (const session of sessions.splice(0)) await session.close();
});

function driven(open: typeof openTarget = openTarget): Driven {
  const opened: OpenTarget[] = [];
  const states: string[] = [];
  const session = new CliSession(context, silent, async (...given) => {
    const target = await open(...given);
    opened.push(target);
    return target;
  });
  session.onStatus(({ state }) => {
    if (states.at(-1) !== state) states.push(state);
  });
  sessions.push(session);
  return { session, opened, states };
}

/** An output that resolves when so many intervals have been taken since it was asked. */
function ticking() {
  let waiting: { left: number; resolve: () => void } | undefined;
  return {
    output: {
      name: 'ticks',
      interval: () => {
        if (waiting !== undefined && --waiting.left === 0) waiting.resolve();
      },
    },
    seconds: (left: number) =>
      new Promise<void>((resolve) => {
        waiting = { left, resolve };
      }),
  };
}

/** The requests of the load, as the mock counted them for this run. */
async function expectCounted(baseUrl: string, result: RunResult): Promise<void> {
  const response = await fetch(`${baseUrl}/__mock/counters`);
  const { rows } = (await response.json()) as {
    rows: { runId: string; phase: string; operation: string; outcomes: Record<string, number> }[];
  };
  const seen: Record<string, number> = {};
  for (const { runId, phase, operation, outcomes } of rows) {
    if (runId !== result.run.id || phase !== 'run') continue;
    seen[operation] = (seen[operation] ?? 0) + Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  }
  const ours: Record<string, number> = {};
  for (const { operation, requests, interrupted } of result.operations) {
    ours[operation] = (ours[operation] ?? 0) + requests + interrupted;
  }
  expect(ours).toEqual(seen);
  expect(result.totals.requests).toBeGreaterThan(0);
  const { planned, completed, failed, dropped, interrupted } = result.iterations;
  expect(completed + failed + dropped + interrupted!).toBe(planned);
}

const PLAN = {
  settings: { target: 'mock', scenario: ['chat-user'], objectives: 'none', seed: 3 },
} as const;

describe('a session', () => {
  it(
    'prepares, starts, is steered, paused, stopped and started again, on one mock that counts the same',
    { timeout: 60_000 },
    async () => {
      const { session, opened, states } = driven();
      const facts = await session.prepare({ ...PLAN, steered: { users: 5 } });
      expect(facts).toMatchObject({ target: { name: 'mock' }, scenarios: ['chat-user'], seed: 3 });
      expect(session.status).toMatchObject({ state: 'ready', allowed: ['prepare', 'start', 'reset'] });

      const ticks = ticking();
      const first = await session.start([ticks.output]);
      await ticks.seconds(2);
      session.setUsers(10);
      await ticks.seconds(1);
      session.pause();
      await ticks.seconds(1);
      session.resume();
      await ticks.seconds(1);
      session.stop('seen enough', 2000);
      const one = await first.result;
      expect(one.run).toMatchObject({ id: first.id, end: { kind: 'stopped', reason: 'seen enough' } });
      expect(one.steering).toMatchObject([{ scenario: 'chat-user', users: 10 }]);
      expect(one.run.pausedMs).toBeGreaterThan(0);
      expect(one.scenarios[0]!.maxUsers).toBe(10);
      await expectCounted(facts.target.baseUrl, one);
      expect(states).toEqual(['preparing', 'ready', 'running', 'paused', 'running', 'stopping', 'ended']);

      // The same plan again, as it is.
      const second = await session.start();
      expect(second.id).not.toBe(first.id);
      session.stop('at once', 0);
      expect((await second.result).run.id).toBe(second.id);

      // Another load on the same mock: a rate over two scenarios, which take turns.
      await session.prepare({
        settings: { ...PLAN.settings, scenario: ['chat-user', 'memory'] },
        steered: { rate: 10 },
      });
      const third = await session.start([ticks.output]);
      await ticks.seconds(1);
      session.setRate(40);
      await ticks.seconds(2);
      session.stop('done', 2000);
      const rated = await third.result;
      expect(rated.steering!.map(({ scenario, rate }) => [scenario, rate])).toEqual([
        ['chat-user', 40],
        ['memory', 40],
      ]);
      const [a, b] = rated.scenarios.map(({ iterations }) => iterations.planned);
      expect(Math.abs(a! - b!)).toBeLessThanOrEqual(1);
      await expectCounted(facts.target.baseUrl, rated);
      expect(opened).toHaveLength(1);

      session.reset();
      expect(session.status).toEqual({
        state: 'idle',
        allowed: ['prepare', 'reset'],
        runId: null,
        phase: null,
        error: null,
      });
    },
  );

  it(
    'runs what the settings plan, to its own end, and refuses to steer it',
    { timeout: 60_000 },
    async () => {
      const { session, states } = driven();
      const facts = await session.prepare({ settings: { ...PLAN.settings, rate: 20, duration: 2000 } });
      const run = await session.start();
      expect(() => session.setUsers(3)).toThrow(
        /the load of this run is "20 iterations\/s .*steered by users/,
      );
      const result = await run.result;
      expect(result).toMatchObject({ iterations: { planned: 40 }, run: { end: { kind: 'completed' } } });
      await expectCounted(facts.target.baseUrl, result);
      expect(states).toEqual(['preparing', 'ready', 'running', 'stopping', 'ended']);
    },
  );

  it('refuses what its state does not allow, and names both', async () => {
    const { session } = driven();
    expect(() => session.pause()).toThrow(
      'pause: the session is idle; expected a state that allows it. Now allowed: prepare, reset.',
    );
    await expect(session.start()).rejects.toMatchObject({ code: 'wrong-state' });
    await session.prepare({ ...PLAN, steered: { users: 1 } });
    const run = await session.start();
    await expect(session.start()).rejects.toThrow('start: the session is running');
    await expect(session.prepare(PLAN)).rejects.toThrow('prepare: the session is running');
    expect(() => session.reset()).toThrow('reset: the session is running');
    session.stop('enough', 0);
    expect(() => session.setUsers(2)).toThrow(/setUsers: the session is (stopping|ended)/);
    await run.result;
  });

  it('gives up a preparation that is stopped, and prepares another', async () => {
    const { session, states } = driven();
    const given = session.prepare({ ...PLAN, steered: { users: 1 } });
    session.stop('changed my mind');
    expect(session.status.state).toBe('idle');
    const other = session.prepare({ ...PLAN, steered: { users: 2 } });
    await expect(given).rejects.toThrow('given up');
    expect(await other).toMatchObject({ load: '2 users in all to begin with, steered' });
    expect(states).toEqual(['preparing', 'idle', 'preparing', 'ready']);
  });

  it(
    'has the document written before afterRun of its file, and ends after it',
    { timeout: 60_000 },
    async () => {
      const heard: unknown[] = [];
      Object.assign(globalThis, { heardOfAfterRun: (...told: unknown[]) => void heard.push(told) });
      const path = join(cwd, 'after.js');
      writeFileSync(
        path,
        `export default {
        name: 'up',
        operations: [{ name: 'health', method: 'GET', route: '/health' }],
        run: (user) => user.request({ operation: 'health', path: '/health' }),
      };
      export const afterRun = ({ run }) => globalThis.heardOfAfterRun('afterRun', run.id);\n`,
      );
      const { session } = driven();
      const plan = { settings: { target: 'mock', rate: 10, duration: 500 }, file: path } as const;
      await session.prepare(plan);
      const first = await session.start([], ({ run }) =>
        heard.push(['written', run.id, session.status.state]),
      );
      await first.result;
      expect(heard).toEqual([
        ['written', first.id, 'stopping'],
        ['afterRun', first.id],
      ]);
      expect(session.status.state).toBe('ended');

      heard.length = 0;
      await session.prepare(plan);
      const second = await session.start([], () => {
        throw new Error('the disk is full');
      });
      await expect(second.result).rejects.toThrow('the disk is full');
      expect(session.status).toMatchObject({ state: 'failed', error: 'the disk is full' });
      expect(heard).toEqual([]);
    },
  );

  it('stops the run for a listener that asks for it at the first sign of the run', async () => {
    const { session, states } = driven();
    session.onStatus(({ state }) => {
      if (state === 'running') session.stop('not now');
    });
    await session.prepare({ ...PLAN, steered: { users: 1 } });
    const { result } = await session.start();
    expect((await result).run.end).toMatchObject({ reason: 'not now' });
    expect(states).toEqual(['preparing', 'ready', 'running', 'stopping', 'ended']);
  });

  it.each([
    ['http://127.0.0.1:9', { users: 1 }, /target "http:\/\/127\.0\.0\.1:9" is an address/],
    ['nowhere', { users: 1 }, /unknown target "nowhere"/],
    ['mock', { users: -1 }, /users is -1/],
    ['mock', { rate: Number.NaN }, /rate is NaN/],
  ])('fails for target %s with %j, and says why', async (target, steered, message) => {
    const { session } = driven();
    await expect(session.prepare({ settings: { ...PLAN.settings, target }, steered })).rejects.toThrow(
      message,
    );
    expect(session.status).toMatchObject({
      state: 'failed',
      error: expect.stringMatching(message) as string,
    });
    expect(session.status.allowed).toEqual(['prepare', 'reset']);
  });

  it(
    'ends the run of a target that dies, and prepares a new mock after it',
    { timeout: 90_000 },
    async () => {
      const { session, opened } = driven();
      await session.prepare({ ...PLAN, steered: { users: 4 } });
      const ticks = ticking();
      const run = await session.start([ticks.output]);
      await ticks.seconds(1);
      process.kill(opened[0]!.processes[0]!.pid, 'SIGKILL');
      const result = await run.result;
      expect(result.run.end.kind).toBe('circuit-breaker');
      expect(session.status.state).toBe('ended');
      await expect(session.start()).rejects.toThrow('cannot reach');
      expect(session.status).toMatchObject({ state: 'failed' });
      await session.prepare({ ...PLAN, steered: { users: 1 } });
      expect(opened).toHaveLength(2);
      expect(session.status.state).toBe('ready');
    },
  );
});

describe('what the target allows', () => {
  it('is held at the handle, and an open end becomes the longest run', async () => {
    const mock = await spawnMock({});
    const { session } = driven(() =>
      Promise.resolve({
        name: 'staging',
        baseUrl: mock.url,
        addresses: [],
        ca: undefined,
        certificate: undefined,
        ceilings: { maxUsers: 6, maxRate: 100, maxDurationMs: 120_000 },
        limits: [],
        processes: [],
        detail: undefined,
        close: () => Promise.resolve(),
      }),
    );
    const settings = { ...PLAN.settings, target: 'staging', scenario: ['chat-user', 'memory'] };
    const credentials = { username: 'admin', password: 'admin123' };
    try {
      await expect(
        session.prepare({ settings: { ...settings, ...credentials }, steered: { users: 7 } }),
      ).rejects.toThrow(/plans 7 users, but the target's permission ends at 6/);
      await session.prepare({ settings: { ...settings, ...credentials }, steered: { users: 2 } });
      const ticks = ticking();
      const run = await session.start([ticks.output]);
      await ticks.seconds(1);
      expect(() => session.setUsers(7)).toThrow(/users: 7 in all; expected at most 6/);
      expect(() => session.setUsers({ 'chat-user': 6 })).toThrow(/users: 7 in all; expected at most 6/);
      session.setUsers({ 'chat-user': 5 });
      session.setUsers(6);
      await ticks.seconds(1);
      session.stop('enough', 0);
      const result = await run.result;
      expect(result.run.plannedDurationMs).toBe(120_000);
      expect(result.steering!.map(({ users }) => users).slice(0, 1)).toEqual([5]);
      await expectCounted(mock.url, result);

      await session.prepare({ settings: { ...settings, ...credentials }, steered: { rate: 2 } });
      const rated = await session.start();
      expect(() => session.setRate(200)).toThrow(
        /requests\/s in all, but allow permits at most 100\/s \(maxRate\)/,
      );
      session.stop('enough', 0);
      await rated.result;
    } finally {
      await session.close();
      await mock.close();
    }
  });
});
