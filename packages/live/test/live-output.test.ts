import {
  startLoad,
  type IntervalEvent,
  type RunInfo,
  type SnapshotPart,
  type VirtualUser,
} from '@jarvis-load/engine';
import { ScriptedTarget, VirtualClock } from '@jarvis-load/engine/testing';
import { expect, it } from 'vitest';
import { Groups } from '../src/record/groups.ts';
import { LiveOutput } from '../src/record/live-output.ts';
import { LiveStore } from '../src/record/live-store.ts';
import { OperationTotals } from '../src/record/operation-totals.ts';

it('ends with the numbers of the document, and still knows the plan', async () => {
  const clock = new VirtualClock();
  const store = new LiveStore('view');
  const scenario = (name: string, vus: number) => ({
    name,
    operations: [{ name: `${name}.get`, method: 'GET' as const, route: '/' }],
    demand: { iterationSeconds: 0.3, requests: { [`${name}.get`]: 1 } },
    run: async (user: VirtualUser) => {
      await user.request({ operation: `${name}.get`, path: '/' });
      await user.think(0.3);
    },
    executor: { kind: 'constant-vus' as const, vus, duration: '8s' },
  });
  const run = startLoad({
    baseUrl: 'http://jarvis.test',
    clock,
    transport: new ScriptedTarget(clock, ({ number }) => ({ afterMs: 40 + number })),
    outputs: [new LiveOutput(store)],
    scenarios: [scenario('chat', 3), scenario('memory', 1)],
  });
  await clock.advance(2000);
  run.pause();
  await clock.advance(3000);
  run.resume();
  const { totals, scenarios, run: record } = await clock.until(run.result);
  expect(record.pausedMs).toBeGreaterThan(2000);
  const { now, verdict } = store.state;
  expect(verdict).not.toBeNull();
  expect(now).toMatchObject({
    requests: totals.requests,
    requestsPerSecond: totals.requestsPerSecond,
    failed: 0,
    users: 0,
  });
  expect(now?.scenarios).toEqual(
    scenarios.map(({ name, iterations }) => ({
      scenario: name,
      users: 0,
      targetUsers: 0,
      iterations: iterations.completed,
      plannedRequests: { [`${name}.get`]: 1 },
    })),
  );
});

it('shows no secret of what scenario code throws, during the run and after it', async () => {
  const clock = new VirtualClock();
  const store = new LiveStore('view');
  const run = startLoad({
    baseUrl: 'http://jarvis.test',
    clock,
    transport: new ScriptedTarget(clock, () => ({ afterMs: 40 })),
    outputs: [new LiveOutput(store, (text) => text.replaceAll('hunter2', '***'))],
    scenarios: [
      {
        name: 'chat',
        operations: [{ name: 'get', method: 'GET', route: '/' }],
        run: async (user) => {
          await user.request({ operation: 'get', path: '/' });
          throw new Error('refused hunter2');
        },
        executor: { kind: 'constant-arrival-rate', rate: 5, duration: '3s', maxVUs: 5 },
      },
    ],
  });
  await clock.advance(2000);
  const during = store.state.now?.exceptions;
  await clock.until(run.result);
  for (const exceptions of [during, store.state.now?.exceptions])
    expect(exceptions).toMatchObject([{ scenario: 'chat', message: 'Error: refused ***' }]);
});

it('counts what was sent again, also in a second in which nothing of the operation ended', () => {
  const totals = new OperationTotals();
  const second = { startMs: 0, endMs: 1000, operations: [] } as unknown as IntervalEvent;
  const part = {
    operations: [{ scenario: 'chat', operation: 'get', retries: 2 }],
  } as unknown as SnapshotPart;
  totals.add(second, part);
  totals.add(second, part);
  expect(totals.rows()).toMatchObject([{ scenario: 'chat', operation: 'get', requests: 0, retries: 4 }]);
});

it('changes nothing that it has handed out: exceptions of a second stay what they were', () => {
  const run = { scenarios: [{ name: 'chat' }] } as unknown as RunInfo;
  const groups = new Groups(run, (text) => text);
  const exceptions = [{ scenario: 'chat', message: 'no words', count: 2 }];
  const part = { errors: [], errorsNotKept: 0, scenarios: [], exceptions } as unknown as SnapshotPart;
  groups.add(part);
  const first = groups.values.exceptions;
  groups.add(part);
  expect([first[0]?.count, groups.values.exceptions[0]?.count]).toEqual([2, 4]);
});

it('loses no failure and no exception of kinds that it does not list, during the run and after it', async () => {
  const clock = new VirtualClock();
  const store = new LiveStore('view');
  const run = startLoad({
    baseUrl: 'http://jarvis.test',
    clock,
    transport: new ScriptedTarget(clock, ({ number }) => ({
      afterMs: 40,
      failure: { outcome: 'connection_error', code: 'odd', message: `unlike others: ${number}` },
    })),
    outputs: [new LiveOutput(store)],
    scenarios: [
      {
        name: 'chat',
        operations: [{ name: 'get', method: 'GET', route: '/' }],
        run: async (user) => {
          await user.request({ operation: 'get', path: '/' });
          throw new Error(`number ${user.iterationInRun}`);
        },
        executor: { kind: 'constant-arrival-rate', rate: 120, duration: '4s', maxVUs: 50 },
      },
    ],
    circuitBreaker: false,
  });
  const sum = (rows: readonly { readonly count: number }[]): number =>
    rows.reduce((total, { count }) => total + count, 0);
  const listed = () => {
    const { failed, failures, failuresNotListed, exceptions, exceptionsNotListed } = store.state.now!;
    expect(sum(failures!) + failuresNotListed).toBe(failed);
    return {
      more: [failuresNotListed > 0, exceptionsNotListed > 0],
      exceptions: sum(exceptions) + exceptionsNotListed,
    };
  };
  await clock.advance(3500);
  expect(listed().more).toEqual([true, true]);
  const { totals, exceptions } = await clock.until(run.result);
  expect(totals.failed).toBe(480);
  expect(listed()).toEqual({ more: [true, false], exceptions: sum(exceptions) });
});
