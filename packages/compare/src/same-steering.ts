import { isDeepStrictEqual } from 'node:util';
import type { RunResult } from '@jarvis-load/engine/result';

/** Changes of the load by hand, or by a master, are never exactly simultaneous. */
const SAME_MOMENT_MS = 2000;

/**
 * Whether users and rates were at the same levels at about the same times: where one run came to a level, and where it left it, the
 * other one had it within two seconds. Levels of less than two seconds do not count: workers of a Locust master are set one after
 * the other, in other steps to the same level.
 */
export function sameSteering({ steering: a = [] }: RunResult, { steering: b = [] }: RunResult): boolean {
  const [mine, theirs] = [levelsOf(a), levelsOf(b)];
  if (!isDeepStrictEqual(new Set(mine.keys()), new Set(theirs.keys()))) return false;
  return [...mine].every(([key, levels]) => {
    const others = theirs.get(key)!;
    return isFollowed(levels, others) && isFollowed(others, levels);
  });
}

/** What was set, from one moment to the next. */
interface Level {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly value: unknown;
}

/** Levels in order, of the users and of the rate of each scenario. */
function levelsOf(steering: NonNullable<RunResult['steering']>): Map<string, Level[]> {
  const levels = new Map<string, Level[]>();
  for (const { atMs, scenario, ...value } of steering) {
    const key = `${value.users === undefined ? 'rate' : 'users'} of ${scenario}`;
    const own = levels.get(key) ?? [];
    const before = own.pop();
    if (before !== undefined) own.push({ ...before, untilMs: atMs });
    levels.set(key, [...own, { fromMs: atMs, untilMs: Number.POSITIVE_INFINITY, value }]);
  }
  return levels;
}

function isFollowed(levels: readonly Level[], by: readonly Level[]): boolean {
  return levels.every(({ fromMs, untilMs, value }) => {
    if (untilMs - fromMs < SAME_MOMENT_MS) return true;
    const same = by.filter((each) => isDeepStrictEqual(each.value, value));
    return [fromMs, untilMs].every((moment) =>
      same.some((each) => each.fromMs <= moment + SAME_MOMENT_MS && each.untilMs >= moment - SAME_MOMENT_MS),
    );
  });
}
