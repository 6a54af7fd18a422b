import { decode } from '@msgpack/msgpack';
import { afterEach, describe, expect, it } from 'vitest';
import { Router } from 'zeromq';
import { freePort } from '../../../tools/free-port.ts';
import { DealerLink } from '../src/thread/dealer-link.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** A socket that listens. ZeroMQ gives the port of a closed one back in a thread of its own, some time after `close`. */
async function bound(port: number): Promise<Router> {
  for (;;) {
    const router = new Router({ linger: 0 });
    try {
      await router.bind(`tcp://127.0.0.1:${port}`);
      return router;
    } catch (error) {
      router.close();
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** A master's socket, and what arrives at it. */
async function listen(port: number) {
  const router = await bound(port);
  const arrived: string[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const closed = (async () => {
    for await (const [, frame] of router) {
      arrived.push(String((decode(frame!) as unknown[])[1]));
      for (const { count, resolve } of waiting) if (arrived.length >= count) resolve();
    }
  })();
  const close = async (): Promise<void> => {
    router.close();
    await closed;
  };
  open.push(close);
  return {
    arrived,
    close,
    port,
    until: (count: number) =>
      new Promise<void>((resolve) => {
        if (arrived.length >= count) resolve();
        else waiting.push({ count, resolve });
      }),
  };
}

describe('the connection to a master', () => {
  it('that is opened again under the same name carries what waited, once; under another name it does not', async () => {
    // Not one of the range of outgoing connections: one of those could take it while nobody listens.
    const first = await listen(await freePort());
    let lost!: () => void;
    const away = new Promise<void>((resolve) => (lost = resolve));
    const link = new DealerLink('127.0.0.1', first.port, {
      connected: () => undefined,
      disconnected: () => lost(),
      received: () => undefined,
    });
    open.push(() => link.close());
    link.open('host_1');
    const one = first.until(1);
    link.send('stats', 'a');
    await one;
    await first.close();
    await away;
    link.send('stats', 'b');
    link.send('stats', 'c');
    link.open('host_1');
    link.send('stats', 'd');
    const second = await listen(first.port);
    await second.until(3);
    expect(second.arrived).toEqual(['b', 'c', 'd']);

    await second.close();
    link.send('stats', 'of the old name');
    link.open('host_2');
    link.send('stats', 'e');
    const third = await listen(first.port);
    await third.until(1);
    expect(third.arrived).toEqual(['e']);
  });
});
