import { MAX_TIMER_MS } from '../duration.ts';
import type { Random } from '../random.ts';
import { show } from '../show.ts';

/** Longest delay of a timer, about 24.8 days. */
const MOST_THINK_SECONDS = Math.floor(MAX_TIMER_MS / 1000);

/** Think time in seconds, as given or drawn from a range; `undefined` for an invalid value. */
export function thinkTime(seconds: unknown, random: Random): number | undefined {
  if (isThinkTime(seconds)) return seconds;
  if (typeof seconds !== 'object' || seconds === null) return undefined;
  const { min, max, ...others } = seconds as Readonly<Record<string, unknown>>;
  if (!isThinkTime(min) || !isThinkTime(max) || min > max || Object.keys(others).length > 0) return undefined;
  return min + (max - min) * random();
}

/**
 * What is wrong with a think time; continues "the scenario ...", without its full stop.
 * @param further what was passed after it, as `between(1, 3)` of Locust
 */
export function thinkProblem(seconds: unknown, further: unknown): string {
  const expected = `expected seconds from 0 to ${MOST_THINK_SECONDS}, or { min, max } of such`;
  if (further === undefined) return `thinks for ${show(seconds)}; ${expected}`;
  const range = isThinkTime(seconds) && isThinkTime(further) ? { min: seconds, max: further } : undefined;
  const form = range === undefined ? '' : `: user.think({ min: ${range.min}, max: ${range.max} })`;
  return `thinks for ${show(seconds)} and ${show(further)}; ${expected}${form}`;
}

function isThinkTime(seconds: unknown): seconds is number {
  return typeof seconds === 'number' && seconds >= 0 && seconds <= MOST_THINK_SECONDS;
}
