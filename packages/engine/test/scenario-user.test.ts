import { describe, expect, it } from 'vitest';
import { EngineError } from '../src/errors.ts';
import { scenarioWith, virtualRun } from './fixtures/virtual-run.ts';

const ask = { operation: 'ask', path: '/ask' };

describe('a user whose start fails', () => {
  it('iterates not at all, is counted as failed, and tries again after a second', async () => {
    let tries = 0;
    let iterations = 0;
    const { clock, start, counts, measure, recorder } = virtualRun(
      scenarioWith(
        { kind: 'constant-vus', vus: 2, duration: '5500ms' },
        {
          onStart: () => {
            tries++;
            return Promise.reject(new Error('the login was refused'));
          },
          run: () => {
            iterations++;
            return Promise.resolve();
          },
        },
      ),
    );
    const running = start();
    await clock.advance(6000);
    await running;
    expect({ tries, iterations }).toEqual({ tries: 12, iterations: 0 });
    expect(counts()).toEqual({
      planned: 12,
      started: 12,
      completed: 0,
      failed: 12,
      dropped: 0,
      interrupted: 0,
      notAwaited: 0,
      startTimeouts: 0,
    });
    const { exceptions } = recorder.flush([
      { users: 0, targetUsers: 0, inFlight: 0, maxUsers: 2, userMs: 0, loadMs: 0, loadUserMs: 0 },
    ]);
    expect(exceptions).toMatchObject([{ message: 'Error: the login was refused', count: 12 }]);
    expect(measure().mergeOperations().requests).toBe(0);
  });

  it('goes on as soon as it works, and keeps what it got', async () => {
    let tries = 0;
    const states: unknown[] = [];
    const { clock, start, counts } = virtualRun(
      scenarioWith(
        { kind: 'constant-vus', duration: '3s' },
        {
          onStart: () =>
            ++tries < 3 ? Promise.reject(new Error('busy')) : Promise.resolve(`token ${tries}`),
          run: (user, { state }) => {
            states.push(state);
            return user.think(10);
          },
        },
      ),
    );
    const running = start();
    await clock.advance(20_000);
    await running;
    expect(states).toEqual(['token 3']);
    expect(counts()).toMatchObject({ planned: 3, failed: 2, completed: 1 });
  });

  it('is a failed iteration of an open executor, each time anew', async () => {
    const { clock, start, counts } = virtualRun(
      scenarioWith(
        { kind: 'constant-arrival-rate', rate: 5, duration: '2s', preAllocatedVUs: 2, maxVUs: 10 },
        { onStart: () => Promise.reject(new Error('no')) },
      ),
    );
    const running = start();
    await clock.advance(3000);
    await running;
    expect(counts()).toMatchObject({ planned: 10, started: 10, failed: 10 });
  });
});

describe('an iteration that throws', () => {
  it('counts as failed and is kept as an exception, and the user goes on', async () => {
    const { clock, start, counts, recorder } = virtualRun(
      scenarioWith(
        { kind: 'per-vu-iterations', vus: 1, iterations: 4 },
        {
          run: async (user) => {
            await user.request(ask);
            if (user.iteration % 2 === 1) throw new TypeError('answer has no message');
          },
        },
      ),
    );
    const running = start();
    await clock.advance(100);
    await running;
    expect(counts()).toMatchObject({ planned: 4, completed: 2, failed: 2 });
    const { exceptions } = recorder.flush([
      { users: 0, targetUsers: 0, inFlight: 0, maxUsers: 1, userMs: 0, loadMs: 0, loadUserMs: 0 },
    ]);
    expect(exceptions).toMatchObject([{ message: 'TypeError: answer has no message', count: 2 }]);
    expect(exceptions[0]!.traceback).toContain('scenario-user.test.ts');
  });

  it('does so too when the code throws without a promise', async () => {
    const { clock, start, counts } = virtualRun(
      scenarioWith(
        { kind: 'per-vu-iterations', iterations: 2 },
        {
          run: () => {
            throw new Error('not even a promise');
          },
        },
      ),
    );
    const running = start();
    await clock.advance(100);
    await running;
    expect(counts()).toMatchObject({ planned: 2, failed: 2 });
  });

  it.each([
    ['an operation that is not declared', { operation: 'aks', path: '/ask' }, /requests operation 'aks'/],
    ['both json and body', { ...ask, json: {}, body: 'x' }, /has both json and body/],
    ['json that cannot be serialised', { ...ask, json: { n: 1n } }, /json that cannot be serialised/],
    ['json that is a function', { ...ask, json: () => 1 }, /json of type function/],
  ])('names %s as an invalid request', async (_what, spec, message) => {
    let error: unknown;
    const { clock, start, counts } = virtualRun(
      scenarioWith(
        { kind: 'per-vu-iterations' },
        {
          run: async (user) => {
            try {
              await user.request(spec);
            } catch (thrown) {
              error = thrown;
              throw thrown;
            }
          },
        },
      ),
    );
    const running = start();
    await clock.advance(10);
    await running;
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({
      code: 'invalid-request',
      message: expect.stringMatching(message) as string,
    });
    expect(counts()).toMatchObject({ failed: 1 });
  });

  it('names a metric that the scenario does not declare', async () => {
    const { clock, start, recorder } = virtualRun(
      scenarioWith(
        { kind: 'per-vu-iterations' },
        {
          metrics: [{ name: 'words', kind: 'trend' }],
          run: (user) => {
            user.record('wrods', 3);
            return Promise.resolve();
          },
        },
      ),
    );
    const running = start();
    await clock.advance(10);
    await running;
    const { exceptions } = recorder.flush([
      { users: 0, targetUsers: 0, inFlight: 0, maxUsers: 1, userMs: 0, loadMs: 0, loadUserMs: 0 },
    ]);
    expect(exceptions[0]!.message).toMatch(/metric "wrods", which it does not declare; declared: words/);
  });
});

describe('code that waits for nothing', () => {
  it.each([
    ['does nothing', () => Promise.resolve()],
    ['throws', () => Promise.reject(new Error('always'))],
  ])('leaves the event loop its turns: it %s', async (_what, run) => {
    const { clock, start, executor, counts } = virtualRun(
      scenarioWith({ kind: 'constant-vus', vus: 3, duration: 20 }, { run }),
    );
    let ticks = 0;
    clock.setTimer(10, () => ticks++);
    const running = start();
    await clock.advance(21);
    await running;
    expect(ticks).toBe(1);
    expect(executor.users).toBe(0);
    expect(counts().planned).toBeGreaterThan(100);
  });

  it('and asks for an operation that does not exist, again and again, neither', async () => {
    const { clock, start, counts } = virtualRun(
      scenarioWith(
        { kind: 'constant-vus', duration: 10 },
        {
          run: async (user) => {
            await user.request({ operation: 'misspelt', path: '/' }).catch(() => undefined);
          },
        },
      ),
    );
    const running = start();
    await clock.advance(11);
    await running;
    expect(counts().completed).toBeGreaterThan(10);
  });
});

describe('code that goes on after it was cut off', () => {
  it('is not waited for when it waits for something of its own', async () => {
    const { clock, start, executor, counts } = virtualRun(
      scenarioWith(
        { kind: 'constant-vus', vus: 2, duration: '1s' },
        { run: () => new Promise(() => undefined) },
      ),
    );
    const running = start();
    await clock.advance(1500);
    executor.interrupt();
    await clock.advance(1);
    await running;
    expect(counts()).toMatchObject({ planned: 2, interrupted: 2 });
  });

  it('counts once, even when it ends later after all', async () => {
    let end: () => void = () => undefined;
    const { clock, start, executor, counts } = virtualRun(
      scenarioWith(
        { kind: 'constant-vus', duration: '1s' },
        { run: () => new Promise((resolve) => (end = resolve)) },
      ),
    );
    const running = start();
    await clock.advance(1500);
    executor.interrupt();
    await clock.advance(1);
    await running;
    end();
    await clock.advance(1);
    expect(counts()).toMatchObject({ planned: 1, completed: 0, interrupted: 1 });
  });

  it('can catch the interruption and ask on, and neither spins nor sends', async () => {
    let caught = 0;
    const { clock, start, executor, counts, transport } = virtualRun(
      scenarioWith(
        { kind: 'constant-vus', duration: '10s' },
        {
          run: async (user) => {
            for (;;) {
              try {
                await user.request(ask);
              } catch {
                caught++;
              }
            }
          },
        },
      ),
      { answer: () => ({ afterMs: 100 }) },
    );
    const running = start();
    await clock.advance(1050);
    executor.interrupt();
    await clock.advance(1);
    await running;
    const sent = transport.requests.length;
    await clock.advance(5000);
    expect({ caught, sent, after: transport.requests.length }).toEqual({ caught: 1, sent: 11, after: 11 });
    expect(counts()).toMatchObject({ interrupted: 1 });
  });

  it('in onStop is cut off as well', async () => {
    const { clock, start, executor, counts } = virtualRun(
      scenarioWith({ kind: 'per-vu-iterations', vus: 2 }, { onStop: (user) => user.think(3600) }),
    );
    const running = start();
    await clock.advance(100);
    expect(executor.users).toBe(2);
    executor.interrupt();
    await clock.advance(1);
    await running;
    expect(counts()).toMatchObject({ completed: 2, interrupted: 0 });
  });
});

describe('the first request of an iteration', () => {
  it('does not count the time that its user thought before it', async () => {
    const { clock, start, measure } = virtualRun(
      scenarioWith(
        { kind: 'per-vu-iterations' },
        {
          run: async (user) => {
            await user.think(2);
            await user.request(ask);
            await user.think(3);
            await user.request(ask);
          },
        },
      ),
      { answer: () => ({ afterMs: 40 }) },
    );
    const running = start();
    await clock.advance(10_000);
    await running;
    const { response, queueWait } = measure().mergeOperations();
    expect(response[0]).toMatchObject({ count: 2, min: 40_000, max: 40_000 });
    expect(queueWait.max).toBe(0);
  });

  it('still counts how late its iteration was handed out', async () => {
    const { clock, start, measure } = virtualRun(
      scenarioWith(
        { kind: 'constant-arrival-rate', rate: 10, duration: '200ms' },
        {
          run: async (user) => {
            await user.think(2);
            await user.request(ask);
          },
        },
      ),
      { answer: () => ({ afterMs: 40 }) },
    );
    const running = start();
    await clock.advance(50);
    clock.block(80);
    await clock.advance(5000);
    await running;
    // The second arrival, due at 100 ms, was handed out at 130 ms.
    expect(measure().mergeOperations().response[0]).toMatchObject({ count: 2, min: 40_000, max: 70_000 });
  });

  it('counts from the intended start, later ones from when they are asked for', async () => {
    const { clock, start, measure, transport } = virtualRun(
      scenarioWith(
        { kind: 'constant-arrival-rate', rate: 10, duration: '200ms', maxVUs: 5 },
        {
          run: async (user) => {
            await user.request(ask);
            await user.request(ask);
          },
        },
      ),
      { answer: () => ({ afterMs: 5 }) },
    );
    const running = start();
    await clock.advance(50);
    clock.block(80);
    await clock.advance(1000);
    await running;
    // The second arrival, due at 100 ms, was handed out at 130 ms.
    expect(transport.requests.map(({ atMs }) => atMs)).toEqual([0, 5, 130, 135]);
    const { response, service } = measure().mergeOperations();
    expect(response[0]!.sum).toBe(3 * 5000 + 35_000);
    expect(service[0]!.sum).toBe(4 * 5000);
  });
});
