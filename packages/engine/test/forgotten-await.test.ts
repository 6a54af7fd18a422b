import { describe, expect, it } from 'vitest';
import { runLoad } from '../src/coordination/load.ts';
import type { Connection, Flight, Transport } from '../src/model/flight.ts';
import type { VirtualUser } from '../src/model/scenario.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

const ASK = { operation: 'chat.ask', path: '/chat' };
const CLOSED = { kind: 'constant-vus', vus: 2, duration: '1s', gracefulStop: '1s' } as const;
const OPEN = { kind: 'constant-arrival-rate', rate: 10, duration: '1s', maxVUs: 50 } as const;

describe('an iteration whose code does not await what it begins', () => {
  it.each([
    ['closed', CLOSED, 200],
    ['open', OPEN, 20],
  ] as const)(
    'lasts until its requests have ended, as in k6, and is reported: %s',
    async (_kind, executor, least) => {
      const load = virtualLoad({
        scenarios: [
          asking('chat', executor, {
            run: (user) => {
              // oxlint-disable-next-line typescript/no-misused-promises -- the mistake that this is about
              [1, 2].forEach(async () => {
                await user.request(ASK);
              });
              return Promise.resolve();
            },
          }),
        ],
      });
      const result = await load.result();
      const { planned, completed } = result.iterations;
      expect(completed).toBe(planned);
      // Two requests of 10 ms each, in sequence on the user's connection: at most 50 iterations per user.
      expect(planned).toBeLessThanOrEqual(102);
      expect(result.totals.requests).toBe(2 * completed);
      expect(result.totals.requests).toBeGreaterThanOrEqual(least * 0.9);
      expect(result.scenarios[0]!.iterationDuration.minMs).toBeGreaterThanOrEqual(10);
      expect(result.verdict.status).toBe('not-valid');
      expect(result.verdict.reasons).toContainEqual({
        code: 'not-awaited',
        text: expect.stringContaining(
          `scenario chat: ${completed} iterations ended before requests`,
        ) as string,
      });
    },
  );

  it('lasts as long as a think that is not awaited: the load is that of users who think', async () => {
    const load = virtualLoad({
      scenarios: [
        asking('chat', CLOSED, {
          run: async (user) => {
            await user.request(ASK);
            void user.think(0.09);
          },
        }),
      ],
    });
    const result = await load.result();
    expect(result.totals.requests).toBe(20);
    expect(result.verdict.reasons).toMatchObject([{ code: 'not-awaited' }]);
  });

  it('that throws waits for the others of a Promise.all, and is told as an exception alone', async () => {
    const load = virtualLoad(
      {
        scenarios: [
          asking(
            'chat',
            { kind: 'per-vu-iterations', iterations: 3 },
            {
              run: async (user) => {
                const broken = user.request(ASK).then(() => Promise.reject(new Error('broken')));
                await Promise.all([broken, user.request(ASK), user.request(ASK)]);
              },
            },
          ),
        ],
      },
      () => ({ afterMs: 10 }),
    );
    const result = await load.result();
    expect(result.iterations).toMatchObject({ planned: 3, failed: 3 });
    expect(result.totals).toMatchObject({ requests: 9, interrupted: 0 });
    expect(result.verdict.reasons.map(({ code }) => code)).not.toContain('not-awaited');
  });

  it('is not delayed by code that keeps running in the background', async () => {
    const load = virtualLoad({
      scenarios: [
        asking('chat', CLOSED, {
          onStart: (user) => {
            void (async () => {
              for (;;) {
                await user.request(ASK);
                await user.think(0.05);
              }
            })();
            return Promise.resolve();
          },
        }),
      ],
    });
    const result = await load.result();
    expect(result.iterations.completed).toBeGreaterThan(20);
    expect(result.iterations.completed + result.iterations.interrupted!).toBe(result.iterations.planned);
  });

  it('is interrupted with its requests where they outlast the graceful stop', async () => {
    const load = virtualLoad(
      {
        scenarios: [
          asking('chat', CLOSED, {
            run: (user) => {
              void user.request(ASK);
              return Promise.resolve();
            },
          }),
        ],
      },
      () => ({ afterMs: 60_000 }),
    );
    const result = await load.result();
    expect(result.iterations).toMatchObject({ planned: 2, completed: 0, interrupted: 2 });
    expect(result.totals).toMatchObject({ requests: 0, interrupted: 2 });
  });

  it('that awaits everything is not reported', async () => {
    const load = virtualLoad({
      scenarios: [
        asking('chat', CLOSED, {
          run: async (user) => {
            await Promise.all([user.request(ASK), user.request(ASK), user.think(0.001)]);
          },
        }),
      ],
    });
    expect((await load.result()).verdict.reasons).toEqual([]);
  });
});

/** Fails each request before it is sent, in the same loop turn, as when no file descriptor is free. */
class NothingLeft implements Transport {
  readonly protocol = undefined;
  readonly opened = 0;
  connection(): Connection {
    return {
      usable: true,
      ready: () => true,
      open: () => Promise.resolve(false),
      send: (flight: Flight) =>
        process.nextTick(() => {
          flight.endMs = performance.now();
          flight.failure = { outcome: 'connection_error', code: 'EMFILE', message: 'too many open files' };
          flight.ended();
        }),
      cancel: () => undefined,
      close: () => undefined,
    };
  }
  messages(): never {
    throw new Error('not used');
  }
}

describe('users of a closed executor without waits', () => {
  it.each([
    ['code without a request', () => Promise.resolve(), undefined],
    ['requests that fail at once', undefined, new NothingLeft()],
  ] as const)('do not starve timers and signals: %s', async (_what, run, transport) => {
    const controller = new AbortController();
    let turns = 0;
    const ticking = setInterval(() => {
      if (++turns === 3) controller.abort();
    }, 1);
    const result = await runLoad({
      baseUrl: 'http://127.0.0.1:9',
      warmUp: false,
      ...(transport === undefined ? {} : { transport }),
      signal: controller.signal,
      circuitBreaker: false,
      scenarios: [
        asking('chat', { kind: 'constant-vus', vus: 2, duration: '20s' }, run === undefined ? {} : { run }),
      ],
    });
    clearInterval(ticking);
    expect(turns).toBeGreaterThanOrEqual(3);
    expect(result.run.end.kind).toBe('aborted');
  });
});

describe('a forgotten await outside the load', () => {
  const once = { kind: 'per-vu-iterations', iterations: 1 } as const;
  const forget = (user: VirtualUser) => {
    void user.request(ASK);
    return Promise.resolve();
  };
  const says = (code: string) =>
    `scenario "chat": ${code} ended before requests or waits that it had started; put 'await' before each`;

  it('is an error of setup', async () => {
    const { run, verdict } = await virtualLoad({
      scenarios: [asking('chat', once, { setup: forget })],
    }).result();
    expect(run.end).toMatchObject({
      kind: 'setup-failed',
      reason: expect.stringContaining(says('setup')) as string,
    });
    expect(verdict.status).toBe('not-valid');
  });

  it('is a note of teardown', async () => {
    const { run, notes } = await virtualLoad({
      scenarios: [asking('chat', once, { teardown: forget })],
    }).result();
    expect(run.end).toEqual({ kind: 'completed' });
    expect(notes.find(({ code }) => code === 'teardown-failed')?.text).toContain(says('teardown'));
  });
});
