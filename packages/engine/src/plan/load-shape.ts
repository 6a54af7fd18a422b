import { didYouMean } from '../did-you-mean.ts';
import { MOST_USERS } from '../input/option-reader.ts';
import { show } from '../show.ts';
import type { ResolvedStage } from '../model/resolved-executor.ts';
import type { LoadShape, ShapeTick } from '../model/load-shape.ts';

const TICK_MS = 1000;
/** One day; a shape that has not ended by then is treated as a mistake. */
export const MAX_SHAPE_TICKS = 86_400;

/**
 * Evaluates the whole shape, second by second, before the run, which gives an exact plan: a stage for each second, or part of one, in
 * which the users change at the spawn rate, and one for each time for which they stay.
 * @returns `undefined` when the shape has not ended within {@link MAX_SHAPE_TICKS}
 * @throws RangeError for an invalid number of users or spawn rate, or an unknown key; also what the shape throws
 */
export function stagesOfShape(shape: LoadShape): ResolvedStage[] | undefined {
  const stages: ResolvedStage[] = [];
  let level = 0;
  for (let second = 0; second < MAX_SHAPE_TICKS; second++) {
    const tick = shape(second);
    if (tick === undefined || tick === null) return stages;
    level = addSecond(stages, level, tick, second);
  }
  return undefined;
}

/** The stages of one second; returns the level at its end, with its fraction. */
function addSecond(stages: ResolvedStage[], level: number, tick: ShapeTick, second: number): number {
  const { users, spawnRate = Number.POSITIVE_INFINITY, ...others } = tick;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    const hint = didYouMean(unknown, ['users', 'spawnRate']);
    throw new RangeError(
      `at ${second} s the shape has an unknown key ${show(unknown)}; expected { users, spawnRate }.${hint}`,
    );
  }
  if (!Number.isInteger(users) || users < 0 || users > MOST_USERS) {
    throw new RangeError(
      `at ${second} s users is ${show(users)}; expected a whole number from 0 to ${MOST_USERS}`,
    );
  }
  if (typeof spawnRate !== 'number' || !(spawnRate > 0)) {
    throw new RangeError(`at ${second} s spawnRate is ${show(spawnRate)}; expected a number above 0`);
  }
  const change = users - level;
  const neededMs = (Math.abs(change) / spawnRate) * 1000;
  if (neededMs === 0) {
    if (change !== 0) stages.push({ durationMs: 0, target: users });
    hold(stages, users, TICK_MS);
    return users;
  }
  if (neededMs <= TICK_MS) {
    stages.push({ durationMs: neededMs, target: users });
    hold(stages, users, TICK_MS - neededMs);
    return users;
  }
  // Keep the fraction of the level, or a spawn rate below 1 would never change the whole number of users.
  const reached = level + Math.sign(change) * spawnRate;
  stages.push({ durationMs: TICK_MS, target: change > 0 ? Math.floor(reached) : Math.ceil(reached) });
  return reached;
}

function hold(stages: ResolvedStage[], target: number, durationMs: number): void {
  if (durationMs === 0) return;
  const last = stages.at(-1);
  const before = stages.at(-2);
  // Extend the previous stage if it holds the same level.
  if (
    last !== undefined &&
    last.target === target &&
    (before?.target ?? 0) === target &&
    last.durationMs > 0
  ) {
    stages[stages.length - 1] = { durationMs: last.durationMs + durationMs, target };
  } else {
    stages.push({ durationMs, target });
  }
}
