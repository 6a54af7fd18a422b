import { expect, it, vi } from 'vitest';
import { NativeChannel } from '../src/user/channel/native-channel.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

it('the user forgets a channel that could not be opened, since its request cannot be sent', async () => {
  const left = vi.spyOn(NativeChannel.prototype, 'abandon');
  const reasons: unknown[] = [];
  const load = virtualLoad(
    {
      scenarios: [
        asking(
          'chat',
          { kind: 'per-vu-iterations', vus: 1, iterations: 1 },
          {
            operations: [{ name: 'chat', method: 'GET', route: '/ws', stream: 'websocket' }],
            onStart: async (user) => {
              const opening = user.open({
                operation: 'chat',
                path: '/ws',
                headers: { 'content-length': '1' },
              });
              await opening.catch((reason: unknown) => reasons.push(reason));
            },
            run: () => Promise.resolve(),
          },
        ),
      ],
    },
    () => ({ status: 101 }),
  );
  await load.result();
  expect(reasons.map(String)).toEqual([expect.stringContaining('which the engine sets itself')]);
  expect(left).not.toHaveBeenCalled();
  left.mockRestore();
});
