import { expect, it } from 'vitest';
import type { Timings } from '../src/model/load-response.ts';
import type { Operation } from '../src/model/scenario.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

const CHAT: Operation = {
  name: 'chat.socket',
  method: 'GET',
  route: '/ws',
  stream: 'websocket',
  maxPerSecond: 1,
};

it('a turn that waits for its rate has no negative times, although its messages came before', async () => {
  let timings: Timings | undefined;
  const load = virtualLoad(
    {
      scenarios: [
        asking(
          'chat',
          { kind: 'per-vu-iterations', vus: 1, iterations: 1 },
          {
            operations: [CHAT],
            run: async (user) => {
              const channel = await user.open({ operation: 'chat.socket', path: '/ws' });
              await user.think(0.5);
              timings = (await channel.receive()).response?.timings;
            },
          },
        ),
      ],
    },
    () => ({ status: 101, pieces: ['x', 'y', '[DONE]'].map((bytes, at) => ({ atMs: 100 * at, bytes })) }),
  );
  await load.result();
  expect(Object.values(timings!).filter((ms) => ms < 0)).toEqual([]);
});
