import type { ResultNote } from '../document/schema.ts';
import { formatDuration } from '../duration.ts';
import type { Clock, ClockTimer } from '../model/clock.ts';

/**
 * Waits for the common start of the parts of a run.
 * @param startAtMs milliseconds since the epoch; `undefined`: now
 * @param cancelled settles when the run is to end before it began
 * @returns a note if the start has passed, else none
 */
export async function waitForStart(
  clock: Clock,
  startAtMs: number | undefined,
  cancelled: Promise<void>,
): Promise<ResultNote[]> {
  if (startAtMs === undefined) return [];
  const waitMs = startAtMs - clock.wallNow();
  if (waitMs < 0) {
    const text = `started ${formatDuration(Math.round(-waitMs))} after the start that was asked for: preparation took longer`;
    return [{ level: 'warning', code: 'late-start', text }];
  }
  let timer: ClockTimer | undefined;
  const started = new Promise<void>((resolve) => {
    timer = clock.setTimer(waitMs, resolve);
  });
  await Promise.race([started, cancelled]);
  // A pending timer would keep the process alive until the start.
  if (timer !== undefined) clock.clearTimer(timer);
  return [];
}
