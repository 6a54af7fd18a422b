import { didYouMean } from '../did-you-mean.ts';
import { MOST_USERS } from '../input/option-reader.ts';
import { show } from '../show.ts';
import type { ResolvedStage } from '../executors/resolved.ts';

/** What a load shape wants at a moment: so many users, reached at so many users per second. */
export interface ShapeTick {
  /** Wanted from then on. */
  readonly users: number;
  /** Users started or stopped per second. @default at once */
  readonly spawnRate?: number;
}

/** Locust's custom load shape: a function of the seconds since the start, asked once a second; nothing ends the run. */
export type LoadShape = (elapsedSeconds: number) => ShapeTick | undefined | null;

const TICK_MS = 1000;
/** A shape that never ends must be a mistake: a day. */
export const MAX_SHAPE_TICKS = 86_400;

/**
 * Asks a shape for its whole course beforehand, so that it is an exact plan as any other: one stage per change of
 * what is wanted, ramping at the spawn rate for as long as it takes, then holding.
 * @returns `undefined` where the shape has not ended within {@link MAX_SHAPE_TICKS}
 * @throws RangeError for users or a spawn rate that are no such number
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
    throw new RangeError(`at ${second} s there is ${show(unknown)}; expected { users, spawnRate }.${hint}`);
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
  // The level keeps its fraction, so that a slow spawn rate gets there too; there are only whole users.
  const reached = level + Math.sign(change) * spawnRate;
  stages.push({ durationMs: TICK_MS, target: change > 0 ? Math.floor(reached) : Math.ceil(reached) });
  return reached;
}

function hold(stages: ResolvedStage[], target: number, durationMs: number): void {
  if (durationMs === 0) return;
  const last = stages.at(-1);
  const before = stages.at(-2);
  // A hold that goes on is one stage, however long: it ends where the stage before it did.
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
