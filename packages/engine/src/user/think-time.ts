import { MAX_TIMER_MS } from '../duration.ts';
import type { Random } from '../random.ts';

/** Longest delay of a timer, about 24.8 days. */
export const MOST_THINK_SECONDS = Math.floor(MAX_TIMER_MS / 1000);

/** Think time in seconds, drawn from a range; `undefined` for an invalid value. */
export function thinkTime(seconds: unknown, random: Random): number | undefined {
  if (isThinkTime(seconds)) return seconds;
  if (typeof seconds !== 'object' || seconds === null) return undefined;
  const { min, max, ...others } = seconds as Readonly<Record<string, unknown>>;
  if (!isThinkTime(min) || !isThinkTime(max) || min > max || Object.keys(others).length > 0) return undefined;
  return min + (max - min) * random();
}

function isThinkTime(seconds: unknown): seconds is number {
  return typeof seconds === 'number' && seconds >= 0 && seconds <= MOST_THINK_SECONDS;
}
