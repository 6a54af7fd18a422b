import { expect, it } from 'vitest';
import { startTogether } from '../src/threads/create-threads.ts';

/** As `new Worker` throws where the process may have no more threads. */
const full = Object.assign(new Error('Worker initialization failure: EAGAIN'), {
  code: 'ERR_WORKER_INIT_FAILED',
});

it('closes the threads that were started where a later one cannot be, and says what to do', () => {
  const closed: number[] = [];
  const start = (thread: number) => {
    if (thread === 2) throw full;
    return {
      close: () => {
        closed.push(thread);
        return Promise.resolve();
      },
    };
  };
  expect(() => startTogether(4, start)).toThrow(
    expect.objectContaining({
      name: 'EngineError',
      code: 'thread-died',
      message: expect.stringMatching(
        /^thread 3 of 4 could not be started \(.*EAGAIN\); .*lower threads/,
      ) as string,
    }) as Error,
  );
  expect(closed).toEqual([0, 1]);
  expect(startTogether(2, start)).toHaveLength(2);
});
