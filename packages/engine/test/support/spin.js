import { nowMs } from './monotonic-clock.js';

/** About a microsecond of atomic loads, which are not optimised away: each clock reading allocates. */
const LOADS_PER_LOOK = 300;
const SPUN_ON = new Int32Array(1);

/**
 * Blocks the thread.
 * @param {number} untilMs
 * @param {number} [startMs]
 * @returns the time that it is then
 */
export function spinUntil(untilMs, startMs = nowMs()) {
  let now = startMs;
  while (now < untilMs) {
    for (let i = 0; i < LOADS_PER_LOOK; i++) Atomics.load(SPUN_ON, 0);
    now = nowMs();
  }
  return now;
}
