import { describe, expect, it } from 'vitest';
import type { VirtualUser } from '../src/model/scenario.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

const OPERATIONS = [{ name: 'ask', method: 'GET', route: '/', maxPerSecond: 10 }] as const;
const ASK = { operation: 'ask', path: '/' };

function load(run: (user: VirtualUser) => Promise<void>) {
  const executor = { kind: 'per-vu-iterations', vus: 1, iterations: 2 } as const;
  return virtualLoad({ scenarios: [asking('paced', executor, { operations: OPERATIONS, run })] }, () => ({
    afterMs: 50,
  })).result();
}

describe('a request that waits for its turn and that nobody awaits', () => {
  it('belongs to its iteration, as one does that is in flight', async () => {
    const { totals, iterations } = await load((user) => {
      for (let k = 0; k < 3; k++) void user.request(ASK);
      return Promise.resolve();
    });
    expect(totals).toMatchObject({ requests: 6, failed: 0, interrupted: 0 });
    expect(iterations).toMatchObject({ completed: 2, interrupted: 0 });
  });

  it('does not keep an iteration with what is asked for after its end', async () => {
    const { totals, iterations } = await load((user) => {
      const again = (left: number): Promise<unknown> =>
        user.request(ASK).then(() => (left > 0 ? again(left - 1) : undefined));
      again(1e6).catch(() => undefined);
      return Promise.resolve();
    });
    expect(iterations).toMatchObject({ planned: 2, completed: 2 });
    expect(totals.requests).toBeLessThan(10);
  });

  it('is never sent early where it waits between two iterations when its user ends', async () => {
    const one = virtualLoad(
      {
        scenarios: [
          asking(
            'paced',
            { kind: 'constant-vus', vus: 1, duration: '170ms' },
            {
              operations: OPERATIONS,
              wait: { kind: 'constant', seconds: 10 },
              run: (user) => {
                const again = (left: number): Promise<unknown> =>
                  user.request(ASK).then(() => (left > 0 ? again(left - 1) : undefined));
                again(10).catch(() => undefined);
                return Promise.resolve();
              },
            },
          ),
        ],
      },
      () => ({ afterMs: 50 }),
    );
    const { iterations, run } = await one.result();
    expect(iterations).toMatchObject({ planned: 1, completed: 1 });
    expect(run.end).toEqual({ kind: 'completed' });
    // The third would wait until 200.
    expect(one.target.requests.map(({ atMs }) => atMs - one.target.requests[0]!.atMs)).toEqual([0, 100]);
  });
});
