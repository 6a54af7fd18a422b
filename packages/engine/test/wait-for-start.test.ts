import { expect, it } from 'vitest';
import { waitForStart } from '../src/coordination/wait-for-start.ts';
import { VirtualClock } from '../src/testing/index.ts';

it('a wait for the common start that is cancelled leaves no timer', async () => {
  const clock = new VirtualClock();
  const set: object[] = [];
  const cleared: object[] = [];
  const { setTimer, clearTimer } = clock;
  clock.setTimer = (...args) => {
    const timer = setTimer.apply(clock, args);
    set.push(timer);
    return timer;
  };
  clock.clearTimer = (timer) => {
    cleared.push(timer);
    clearTimer.call(clock, timer);
  };
  expect(await waitForStart(clock, clock.wallNow() + 3_600_000, Promise.resolve())).toEqual([]);
  expect(set).toHaveLength(1);
  expect(cleared).toEqual(set);
});
