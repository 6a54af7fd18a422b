import { expect, it } from 'vitest';
import { scenarioWith, virtualRun } from './fixtures/virtual-run.ts';

it('a request whose time limit ends before it has a connection has its own code: the target never received it', async () => {
  const answered: (string | undefined)[] = [];
  const { clock, start, transport } = virtualRun(
    scenarioWith(
      { kind: 'per-vu-iterations', vus: 1, iterations: 1 },
      {
        run: async (user) => {
          // Two requests at once on the user's one connection: the second waits for the first.
          const both = await Promise.all(
            [100, 50].map((timeoutMs) => user.request({ operation: 'ask', path: '/ask', timeoutMs })),
          );
          answered.push(...both.map(({ outcome, error }) => `${outcome} ${error?.code}: ${error?.message}`));
        },
      },
    ),
    { answer: () => ({ afterMs: 1000 }) },
  );
  const running = start();
  await clock.advance(2000);
  await running;
  expect(answered).toEqual([
    'timeout request_timeout: no complete response within 100 ms',
    'timeout not_sent: no connection available within 50 ms',
  ]);
  expect(transport.requests.length).toBe(1);
});
