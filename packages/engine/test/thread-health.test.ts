import { describe, expect, it } from 'vitest';
import { ThreadHealthWatch } from '../src/threads/thread-health.ts';

const TRANSPORT = { opened: 0, protocol: undefined };
const BUSY_MS = 60;

/** Longest delay that a watch measures while the loop stands still for `BUSY_MS`. */
async function measuredDelay(): Promise<number | null> {
  const watch = new ThreadHealthWatch();
  watch.begin(0);
  // The monitor counts from its first timer to the next one.
  await new Promise((resolve) => setTimeout(resolve, 30));
  const endMs = performance.now() + BUSY_MS;
  while (performance.now() < endMs);
  await new Promise((resolve) => setTimeout(resolve, 30));
  const { delayMaxMs } = watch.sample(TRANSPORT, 0);
  watch.end();
  return delayMaxMs;
}

describe('ThreadHealthWatch', () => {
  it('has no delays of an earlier watch, whose monitor it uses', async () => {
    expect(await measuredDelay()).toBeGreaterThan(BUSY_MS / 2);
    const watch = new ThreadHealthWatch();
    watch.begin(0);
    expect(watch.sample(TRANSPORT, 0).delayMaxMs).toBeNull();
    watch.end();
  });
});
