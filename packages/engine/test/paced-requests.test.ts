import { describe, expect, it } from 'vitest';
import type { VirtualUser } from '../src/model/scenario.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

const ASK = { operation: 'ask', path: '/' };

function load(run: (user: VirtualUser) => Promise<void>) {
  const operations = [{ name: 'ask', method: 'GET', route: '/', maxPerSecond: 10 }] as const;
  const executor = { kind: 'per-vu-iterations', vus: 1, iterations: 2 } as const;
  return virtualLoad({ scenarios: [asking('paced', executor, { operations, run })] }, () => ({
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
});
