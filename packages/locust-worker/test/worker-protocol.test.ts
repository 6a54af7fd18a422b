import { describe, expect, it } from 'vitest';
import { drivenWorker, madeSecond } from './support/driven-worker.ts';

type Driven = ReturnType<typeof drivenWorker>;

/** A worker whose run is on with these users. */
function running(users = 3): Driven {
  const driven = drivenWorker();
  driven.register();
  driven.spawn({ ChatUser: users }, 1);
  driven.protocol.handle({ kind: 'users', counts: { ChatUser: users } });
  return driven;
}

/** Sums of all `stats` among messages. */
function totalsOf(messages: Driven['sent']) {
  let requests = 0;
  let failures = 0;
  let errors = 0;
  for (const { type, data } of messages) {
    if (type !== 'stats') continue;
    const { stats_total, errors: groups } = data as {
      stats_total: { num_requests: number; num_failures: number };
      errors: Record<string, { occurrences: number }>;
    };
    requests += stats_total.num_requests;
    failures += stats_total.num_failures;
    for (const { occurrences } of Object.values(groups)) errors += occurrences;
  }
  return { requests, failures, errors };
}

describe('joining a master', () => {
  it('says client_ready every five seconds while connected, until it is acknowledged', async () => {
    const { clock, protocol, take, fromMaster } = drivenWorker();
    protocol.handle({ kind: 'join' });
    await clock.advance(12_000);
    expect(take()).toEqual([]);
    protocol.connected();
    await clock.advance(11_000);
    expect(take()).toEqual([1, 2, 3].map(() => ({ type: 'client_ready', data: -1 })));
    fromMaster('ack', { index: 4 });
    expect(take()).toEqual([
      {
        type: 'heartbeat',
        data: { state: 'ready', current_cpu_usage: 12.5, current_memory_usage: 1000 },
      },
    ]);
    await clock.advance(5000);
    expect(take('client_ready')).toEqual([]);
  });

  it('beats every second and reports every three, also idle: then without a minimum or a last request', async () => {
    const { clock, register, sent } = drivenWorker();
    register();
    sent.length = 0;
    await clock.advance(6000);
    expect(sent.filter(({ type }) => type === 'heartbeat')).toHaveLength(6);
    const reports = sent.filter(({ type }) => type === 'stats');
    expect(reports).toHaveLength(2);
    expect(reports[0]!.data).toMatchObject({
      stats: [],
      errors: {},
      user_count: 0,
      stats_total: {
        name: 'Aggregated',
        num_requests: 0,
        min_response_time: null,
        last_request_timestamp: null,
      },
    });
  });
});

describe('a run that the master steers', () => {
  it('answers each spawn with what is on, and drops one that is out of date', () => {
    const { register, spawn, protocol, take, told } = drivenWorker();
    register();
    take();
    spawn({ ChatUser: 2, Memory: 1 }, 10.5, { host: 'http://x.test' });
    expect(take()).toEqual([{ type: 'spawning', data: null }]);
    expect(told.at(-1)).toEqual({ kind: 'spawn', counts: { ChatUser: 2, Memory: 1 }, host: 'http://x.test' });
    protocol.handle({ kind: 'users', counts: { ChatUser: 2, Memory: 1 } });
    expect(take()).toEqual([
      { type: 'spawning_complete', data: { user_classes_count: { ChatUser: 2, Memory: 1 }, user_count: 3 } },
    ]);
    spawn({ ChatUser: 9 }, 10.5);
    spawn({ ChatUser: 9 }, 9);
    expect(take()).toEqual([]);
    spawn({ ChatUser: 9 }, 11);
    expect(take('spawning')).toHaveLength(1);
  });

  it('reports every request once, up to the last second before client_stopped', async () => {
    const { clock, protocol, sent, told, fromMaster } = running();
    sent.length = 0;
    for (let second = 0; second < 10; second++) {
      protocol.handle({ kind: 'second', second: madeSecond(20 + second) });
      await clock.advance(1000);
    }
    fromMaster('stop');
    fromMaster('stop');
    expect(told.filter(({ kind }) => kind === 'stop')).toEqual([
      { kind: 'stop', reason: 'the Locust master said stop', withinMs: 2000 },
    ]);
    protocol.handle({ kind: 'second', second: madeSecond(7, { last: true }) });
    expect(sent.map(({ type }) => type).at(-1)).toBe('client_stopped');
    expect(totalsOf(sent)).toEqual({ requests: 252, failures: 20, errors: 20 });
    // The end of the run, after its teardown, says nothing more; the next run makes it ready again.
    sent.length = 0;
    protocol.handle({ kind: 'ended', problem: undefined });
    expect(sent).toEqual([]);
    protocol.handle({ kind: 'join' });
    expect(sent).toEqual([{ type: 'client_ready', data: -1 }]);
  });

  it('started again before it has ended the former run: reports nothing more of that, and runs the new users', async () => {
    const { clock, protocol, sent, told, fromMaster, spawn } = running();
    protocol.handle({ kind: 'second', second: madeSecond(20) });
    fromMaster('stop');
    spawn({ ChatUser: 4 }, 2);
    spawn({ ChatUser: 5 }, 3);
    sent.length = 0;
    protocol.handle({ kind: 'second', second: madeSecond(9) });
    await clock.advance(3000);
    protocol.handle({ kind: 'second', second: madeSecond(7, { last: true }) });
    protocol.handle({ kind: 'ended', problem: undefined });
    expect(totalsOf(sent)).toEqual({ requests: 0, failures: 0, errors: 0 });
    expect(sent.findLast(({ type }) => type === 'stats')!.data).toMatchObject({ user_count: 0 });

    // It stays known to the master, which would give it no users otherwise: they were divided already.
    spawn({ ChatUser: 6 }, 4);
    await clock.advance(1000);
    expect(sent.map(({ type }) => type)).not.toContain('client_stopped');
    expect(sent.at(-1)).toMatchObject({ type: 'heartbeat', data: { state: 'spawning' } });
    protocol.handle({ kind: 'join' });
    expect(told.at(-1)).toMatchObject({ kind: 'spawn', counts: { ChatUser: 6 } });
    protocol.handle({ kind: 'users', counts: { ChatUser: 6 } });
    protocol.handle({ kind: 'second', second: madeSecond(30) });
    await clock.advance(3000);
    expect(totalsOf(sent)).toMatchObject({ requests: 30 });
  });

  it('stopped again before the next run is prepared: has stopped, and joins again', () => {
    for (const lastSecondFirst of [true, false]) {
      const { protocol, sent, told, fromMaster, spawn } = running();
      fromMaster('stop');
      spawn({ ChatUser: 4 }, 2);
      const end = () => protocol.handle({ kind: 'second', second: madeSecond(7, { last: true }) });
      if (lastSecondFirst) end();
      fromMaster('stop');
      if (!lastSecondFirst) end();
      expect(sent.at(-1)!.type).toBe('client_stopped');
      sent.length = 0;
      protocol.handle({ kind: 'join' });
      expect(sent).toEqual([{ type: 'client_ready', data: -1 }]);
      expect(told.filter(({ kind }) => kind === 'spawn')).toHaveLength(1);
    }
  });

  it("gives users the master's stop timeout", () => {
    const { register, spawn, protocol, told, fromMaster } = drivenWorker();
    register();
    spawn({ ChatUser: 1 }, 1, { stop_timeout: 30 });
    protocol.handle({ kind: 'users', counts: { ChatUser: 1 } });
    fromMaster('stop');
    expect(told.at(-1)).toMatchObject({ kind: 'stop', withinMs: 30_000 });
  });

  it('on quit sends what it has at once, then the rest, and says quit last', async () => {
    const { protocol, sent, told, fromMaster } = running();
    protocol.handle({ kind: 'second', second: madeSecond(30) });
    sent.length = 0;
    for (let k = 0; k < 3; k++) fromMaster('quit');
    expect(totalsOf(sent)).toMatchObject({ requests: 30 });
    expect(told.filter(({ kind }) => kind === 'quit')).toHaveLength(1);
    protocol.handle({ kind: 'second', second: madeSecond(5, { last: true }) });
    expect(totalsOf(sent)).toMatchObject({ requests: 35 });
    expect(sent.at(-1)).toEqual({ type: 'quit', data: null });
    await Promise.resolve();
    await Promise.resolve();
    expect(told.at(-1)).toEqual({ kind: 'closed' });
  });

  it('after quit sends each part of the end as it comes: the master waits for half a second', () => {
    const { protocol, sent, fromMaster } = running();
    fromMaster('quit');
    sent.length = 0;
    protocol.handle({ kind: 'second', second: madeSecond(20) });
    expect(totalsOf(sent)).toMatchObject({ requests: 20 });
    protocol.handle({ kind: 'second', second: madeSecond(5, { last: true }) });
    expect(totalsOf(sent)).toMatchObject({ requests: 25 });
  });

  it('forgets what came before the first spawn of a run, and on --reset-stats what came before the ramp ended', () => {
    const { register, spawn, protocol, take, fromMaster, clock } = drivenWorker();
    register();
    protocol.handle({ kind: 'second', second: madeSecond(10) });
    spawn({ ChatUser: 1 }, 1, { parsed_options: { reset_stats: true } });
    protocol.handle({ kind: 'second', second: madeSecond(10) });
    fromMaster('spawning_complete', { user_count: 1 });
    protocol.handle({ kind: 'second', second: madeSecond(4) });
    take();
    return clock.advance(3000).then(() => {
      expect(totalsOf(take())).toMatchObject({ requests: 4 });
    });
  });

  it('shows a run that ended by itself as an exception, and no users', async () => {
    const { clock, protocol, sent } = running();
    protocol.handle({ kind: 'second', second: madeSecond(4, { last: true }) });
    sent.length = 0;
    protocol.handle({ kind: 'ended', problem: 'circuit-breaker: the target is down' });
    expect(sent[0]).toEqual({
      type: 'exception',
      data: { msg: 'circuit-breaker: the target is down', traceback: 'circuit-breaker: the target is down' },
    });
    await clock.advance(3000);
    expect(sent.findLast(({ type }) => type === 'stats')!.data).toMatchObject({ user_count: 0 });
    expect(totalsOf(sent)).toMatchObject({ requests: 4 });
  });

  it('sends an exception once for each time it was thrown', async () => {
    const { clock, protocol, sent } = running();
    const thrown = {
      ...madeSecond(0),
      exceptions: [{ message: 'boom', traceback: 'boom\n at x', count: 2 }],
    };
    protocol.handle({ kind: 'second', second: thrown });
    protocol.handle({
      kind: 'second',
      second: { ...madeSecond(0), exceptions: [{ message: 'boom', traceback: null, count: 3 }] },
    });
    await clock.advance(3000);
    const messages = sent.filter(({ type }) => type === 'exception');
    expect(messages).toEqual(
      Array.from({ length: 5 }, () => ({
        type: 'exception',
        data: { msg: 'boom', traceback: 'boom\n at x' },
      })),
    );
  });
});

describe('a master that goes away', () => {
  it('is told nothing while it has asked for another connection, and that is not up yet', async () => {
    const { clock, protocol, take, opened, fromMaster } = drivenWorker();
    protocol.handle({ kind: 'join' });
    protocol.connected();
    take();
    fromMaster('reconnect');
    expect(opened).toEqual(['host_0', 'host_0']);
    await clock.advance(12_000);
    expect(take()).toEqual([]);
    protocol.connected();
    expect(take()).toEqual([{ type: 'client_ready', data: -1 }]);
  });

  it('ends the run, and is joined again under a new name', () => {
    const { protocol, sent, told, opened, fromMaster } = running();
    protocol.disconnected();
    expect(told.at(-1)).toMatchObject({ kind: 'lost' });
    expect(opened).toEqual(['host_0', 'host_1']);
    protocol.handle({ kind: 'second', second: madeSecond(50, { last: true }) });
    sent.length = 0;
    protocol.handle({ kind: 'join' });
    protocol.connected();
    fromMaster('ack', { index: 0 });
    expect(sent.map(({ type }) => type)).toEqual(['client_ready', 'heartbeat']);
    protocol.disconnected();
    expect(opened).toHaveLength(3);
  });

  it('before the next run is prepared: is joined under a new name, and the users it wanted are forgotten', () => {
    const { protocol, sent, told, opened, fromMaster, spawn } = running();
    fromMaster('stop');
    spawn({ ChatUser: 4 }, 2);
    protocol.handle({ kind: 'second', second: madeSecond(7, { last: true }) });
    protocol.disconnected();
    expect(opened).toHaveLength(2);
    sent.length = 0;
    protocol.connected();
    protocol.handle({ kind: 'join' });
    expect(sent).toEqual([{ type: 'client_ready', data: -1 }]);
    expect(told.filter(({ kind }) => kind === 'spawn')).toHaveLength(1);
    expect(told.map(({ kind }) => kind)).not.toContain('lost');
  });

  it('is lost after a minute without an answer to heartbeats, but not one that never answers them', async () => {
    const old = running();
    await old.clock.advance(300_000);
    expect(old.told.filter(({ kind }) => kind === 'lost')).toEqual([]);

    const { clock, told, fromMaster } = running();
    for (let second = 0; second < 10; second++) {
      fromMaster('heartbeat');
      await clock.advance(1000);
    }
    await clock.advance(58_000);
    expect(told.filter(({ kind }) => kind === 'lost')).toEqual([]);
    await clock.advance(4000);
    expect(told.filter(({ kind }) => kind === 'lost')).toHaveLength(1);
  });
});
