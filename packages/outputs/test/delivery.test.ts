import { describe, expect, it } from 'vitest';
import { Delivery, type Answer, type Batch, type DeliveryClock } from '../src/delivery/delivery.ts';
import { LossError } from '../src/delivery/loss-error.ts';

const TAKEN: Answer = { kind: 'taken' };
const REFUSED: Answer = { kind: 'refused', reason: 'receiver answered 400' };
const BUSY: Answer = { kind: 'busy', reason: 'receiver answered 503' };

/** A clock on which every wait ends at once, and is noted. */
function instantClock(random = 1): DeliveryClock & { readonly waits: number[] } {
  const waits: number[] = [];
  return {
    waits,
    random: () => random,
    async sleep(ms, signal) {
      if (!signal.aborted) waits.push(ms);
    },
  };
}

/** A clock whose waits end only when they are cut off. */
const frozenClock: DeliveryClock = {
  random: () => 1,
  sleep: (_ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    }),
};

const batch = (points: number, bytes = 1): Batch => ({ body: new Uint8Array(bytes), points });

/** Lets everything that waits for a promise go on. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Delivery', () => {
  it('sends in order, one at a time', async () => {
    const sent: number[] = [];
    let open = 0;
    const delivery = new Delivery(async ({ points }) => {
      expect(++open).toBe(1);
      await settle();
      open--;
      sent.push(points);
      return TAKEN;
    });
    for (const points of [1, 2, 3]) delivery.add(batch(points));
    await delivery.finish(1000);
    expect(sent).toEqual([1, 2, 3]);
    expect(delivery.loss).toBeUndefined();
  });

  it('repeats with growing waits until the receiver takes the batch', async () => {
    const clock = instantClock();
    const answers = [BUSY, BUSY, BUSY, TAKEN];
    const problems: string[] = [];
    const delivery = new Delivery(async () => answers.shift() ?? TAKEN, {
      clock,
      onProblem: (reason) => problems.push(reason),
    });
    delivery.add(batch(5));
    await settle();
    expect(clock.waits).toEqual([500, 1000, 2000]);
    expect(problems).toEqual(['receiver answered 503']);
    expect(delivery.loss).toBeUndefined();
  });

  it('waits at least as long as the receiver asks, and never longer than 15 s', async () => {
    const clock = instantClock(0);
    const answers: Answer[] = [
      { ...BUSY, afterMs: 3000 },
      { ...BUSY, afterMs: 1e9 },
    ];
    const delivery = new Delivery(async () => answers.shift() ?? TAKEN, { clock });
    delivery.add(batch(1));
    await settle();
    expect(clock.waits).toEqual([3000, 15_000]);
  });

  it('does not blame an overcome problem for what is lost later', async () => {
    const answers: Answer[] = [BUSY, TAKEN];
    const problems: string[] = [];
    const delivery = new Delivery(
      async (_batch, signal) => {
        const answer = answers.shift();
        if (answer !== undefined) return answer;
        await frozenClock.sleep(1, signal);
        return { kind: 'busy', reason: 'aborted' };
      },
      { clock: instantClock(), mostBytes: 10, onProblem: (reason) => problems.push(reason) },
    );
    delivery.add(batch(1));
    await settle();
    for (const points of [2, 3, 4]) delivery.add(batch(points, 6));
    expect(delivery.loss?.reason).toBe('the receiver was too slow');
    expect(problems).toEqual(['receiver answered 503']);
    await delivery.finish(0);
  });

  it('sends a batch that is added as the one before it is taken', async () => {
    for (let turns = 0; turns < 6; turns++) {
      const sent: number[] = [];
      const delivery = new Delivery(async ({ points }) => {
        sent.push(points);
        return TAKEN;
      });
      delivery.add(batch(1));
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      delivery.add(batch(2));
      await settle();
      expect(sent).toEqual([1, 2]);
    }
  });

  it('joins what waits for a slow receiver, up to 1 MiB, fewer after what it did not take', async () => {
    const sent: (readonly [points: number, bytes: number])[] = [];
    const releases: ((answer: Answer) => void)[] = [];
    const delivery = new Delivery(
      ({ points, body }) => {
        sent.push([points, body.byteLength]);
        return new Promise((resolve) => releases.push(resolve));
      },
      {
        clock: instantClock(),
        join: (batches) => ({
          body: Buffer.concat(batches.map(({ body }) => body)),
          points: batches.reduce((sum, { points }) => sum + points, 0),
        }),
      },
    );
    for (const points of [1, 2, 3]) delivery.add(batch(points, 10));
    const answers = [TAKEN, BUSY, TAKEN, REFUSED, REFUSED, TAKEN, TAKEN];
    for (const [turn, answer] of answers.entries()) {
      if (turn === 1) for (const added of [batch(4, 10), batch(7, 2 ** 20)]) delivery.add(added);
      releases[turn]!(answer);
      await settle();
    }
    await delivery.finish(1000);
    expect(sent).toEqual([
      [1, 10],
      [5, 20],
      // Half as many after one that was not taken.
      [2, 10],
      [7, 20],
      // One by one after a refusal: only what is refused alone is lost.
      [3, 10],
      [4, 10],
      [7, 2 ** 20],
    ]);
    expect(delivery.loss).toEqual({ lost: 3, total: 17, reason: 'receiver answered 400' });
  });

  it('counts what the receiver refuses, and goes on', async () => {
    const answers: Answer[] = [
      TAKEN,
      { kind: 'refused', reason: 'receiver answered 400 (out of order)' },
      TAKEN,
    ];
    const delivery = new Delivery(async () => answers.shift() ?? TAKEN, { clock: instantClock() });
    for (const points of [100, 20, 3]) delivery.add(batch(points));
    await delivery.finish(1000);
    expect(delivery.loss).toEqual({ lost: 20, total: 123, reason: 'receiver answered 400 (out of order)' });
  });

  it('drops the oldest batches beyond its memory, never the one under way', async () => {
    const sent: number[] = [];
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const delivery = new Delivery(
      async ({ points }) => {
        await held;
        sent.push(points);
        return TAKEN;
      },
      { mostBytes: 30 },
    );
    for (const points of [1, 2, 3, 4, 5]) delivery.add(batch(points, 10));
    release();
    await delivery.finish(1000);
    expect(sent).toEqual([1, 4, 5]);
    expect(delivery.loss).toEqual({ lost: 5, total: 15, reason: 'the receiver was too slow' });
  });

  it('gives up at the end of its time, and counts what is left', async () => {
    const delivery = new Delivery(async () => BUSY, { clock: instantClock() });
    delivery.add(batch(7));
    delivery.add(batch(8));
    await delivery.finish(1);
    expect(delivery.loss).toEqual({ lost: 15, total: 15, reason: 'receiver answered 503' });
    delivery.add(batch(1));
    expect(delivery.loss?.lost).toBe(16);
  });

  it('cuts off an attempt that never ends', async () => {
    const delivery = new Delivery(
      (_batch, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve({ kind: 'busy', reason: 'aborted' }));
        }),
    );
    delivery.add(batch(9));
    await delivery.finish(20);
    expect(delivery.loss).toEqual({ lost: 9, total: 9, reason: 'no answer before the end of the run' });
  });

  it.each([false, true])('in a hurry ends within a second, also if that comes later: %s', async (isLater) => {
    const waits: number[] = [];
    const delivery = new Delivery(
      (_batch, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve({ kind: 'busy', reason: 'aborted' }));
        }),
      {
        clock: {
          random: () => 1,
          // Only the last second passes by itself.
          sleep: (ms, signal) => {
            waits.push(ms);
            return ms > 1000 ? frozenClock.sleep(ms, signal) : Promise.resolve();
          },
        },
      },
    );
    delivery.add(batch(9));
    if (!isLater) delivery.hurry();
    const finished = delivery.finish(6000);
    if (isLater) delivery.hurry();
    await finished;
    expect(waits).toEqual([6000, 1000]);
    expect(delivery.loss?.lost).toBe(9);
  });

  it('ends a long wait when the run ends, and tries again at once', async () => {
    const answers = [BUSY, TAKEN];
    const delivery = new Delivery(async () => answers.shift() ?? TAKEN, { clock: frozenClock });
    delivery.add(batch(1));
    await settle();
    await delivery.finish(1000);
    expect(delivery.loss).toBeUndefined();
    expect(answers).toEqual([]);
  });
});

it('says how much was lost, and why', () => {
  const error = new LossError({ lost: 41, total: 1200, reason: 'receiver answered 503' }, 'points');
  expect(error.message).toBe('41 of 1,200 points lost, receiver answered 503');
});
