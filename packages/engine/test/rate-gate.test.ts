import { describe, expect, it } from 'vitest';
import { RateGate } from '../src/clock/rate-gate.ts';
import { scenarioWith, virtualRun } from './fixtures/virtual-run.ts';

describe('RateGate', () => {
  it('hands out evenly spaced turns, the first at once', () => {
    const gate = new RateGate(5);
    expect([gate.take(1000), gate.take(1000), gate.take(1000), gate.take(1100)]).toEqual([0, 200, 400, 500]);
  });

  it('does not accumulate turns while there are no requests', () => {
    const gate = new RateGate(10);
    gate.take(0);
    expect([gate.take(5000), gate.take(5000)]).toEqual([0, 100]);
  });
});

describe('an operation with maxPerSecond', () => {
  it('is sent so often at most over all users, and the wait for its turn is no response time', async () => {
    const { clock, start, transport, measure } = virtualRun(
      scenarioWith(
        { kind: 'per-vu-iterations', vus: 12, iterations: 1 },
        {
          operations: [
            { name: 'login', method: 'POST', route: '/login', maxPerSecond: 4 },
            { name: 'ask', method: 'GET', route: '/ask' },
          ],
          onStart: async (user) => {
            await user.request({ operation: 'login', path: '/login' });
          },
        },
      ),
      { answer: () => ({ afterMs: 30 }) },
    );
    const running = start();
    await clock.advance(10_000);
    await running;
    const logins = transport.requests.filter(({ path }) => path === '/login').map(({ atMs }) => atMs);
    expect(logins).toEqual(Array.from({ length: 12 }, (_, k) => k * 250));
    const [login, ask] = measure().operations;
    expect(login!.response[0]).toMatchObject({ count: 12, max: 30_000 });
    expect(ask!.response[0]).toMatchObject({ count: 12, max: 30_000 });
  });
});
