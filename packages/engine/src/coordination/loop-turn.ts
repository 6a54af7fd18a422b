import type { Clock } from '../model/clock.ts';

/** Resolves after one turn of the event loop. */
export function loopTurn(clock: Clock): Promise<void> {
  return new Promise((resolve) => clock.soon(resolve));
}
