import { EventEmitter } from 'node:events';
import type { Client, LoadResponse, RequestSpec } from '@jarvis-load/engine';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RecoveryWatch } from '../src/capacity/recovery-watch.ts';
import { Interrupted, Interruption } from '../src/run/interruption.ts';
import { DEFAULT_SUITE } from '../src/suites/suites.ts';
import type { OpenTarget } from '../src/target/open-target.ts';

const TARGET = { baseUrl: 'http://127.0.0.1:1' } as OpenTarget;
const answer = (status: number, responseTimeMs: number) =>
  ({ status, timings: { responseTimeMs } }) as LoadResponse;

/** A watch on a target that answers three requests, and then each one only with its time limit. */
function watchHanging() {
  const source = new EventEmitter();
  const interruption = new Interruption(source, () => undefined);
  const limits: number[] = [];
  let asked = 0;
  const client: Client = {
    async request({ timeoutMs = Number.NaN }: RequestSpec) {
      if (asked++ < 3) return answer(200, 5);
      limits.push(timeoutMs);
      await new Promise((resolve) => setTimeout(resolve, timeoutMs));
      return answer(0, timeoutMs);
    },
    close: () => Promise.resolve(),
  };
  const watch = new RecoveryWatch(DEFAULT_SUITE, TARGET, {}, 'r', interruption, () => client);
  return { watch, source, interruption, limits };
}

describe('RecoveryWatch with a target that accepts requests and answers none', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('gives up after 30 s, the time of the requests included', async () => {
    const { watch, limits, interruption } = watchHanging();
    await watch.begin();
    let answered: boolean | undefined;
    void watch.recovered().then((is) => (answered = is));
    await vi.advanceTimersByTimeAsync(30_500);
    expect(answered).toBe(false);
    expect(limits).toEqual([10_000, 10_000, 9000]);
    interruption.close();
  });

  it('is ended by a signal while a request is open', async () => {
    const { watch, source, interruption } = watchHanging();
    await watch.begin();
    const ended = watch.recovered().catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(1000);
    source.emit('SIGINT');
    await vi.advanceTimersByTimeAsync(0);
    const first = await Promise.race([ended, Promise.resolve('still waiting')]);
    expect(first).toBeInstanceOf(Interrupted);
    interruption.close();
  });
});
