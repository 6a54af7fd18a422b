import {
  compareRuns,
  differencesBetween,
  obstaclesBetween,
  obstaclesIn,
  type Comparison,
  type Obstacle,
  type Tolerances,
} from '@jarvis-load/compare';
import type { RunResult } from '@jarvis-load/engine/result';
import type { ComparedSides } from '@jarvis-load/reporter';
import { runKey, type Side } from './read-side.ts';

/** Most runs of a folder that count, the newest ones, unless `force` is set: old runs are no measure of the present system. */
const MOST_RUNS = 50;

/** A comparison, or why there is none. */
export type Outcome =
  | { readonly comparison: Comparison; readonly sides: ComparedSides; readonly obstacles?: undefined }
  | { readonly comparison?: undefined; readonly obstacles: readonly Obstacle[] };

/** Options of {@link compareSides}. */
export interface SideOptions {
  readonly tolerances: Tolerances;
  /** Compare in spite of obstacles. */
  readonly force: boolean;
  /** Run k of one side was made right beside run k of the other. @default false */
  readonly paired?: boolean;
}

/**
 * Compares two sides, each with a run at least. From a folder of runs, those are taken that fit the newest run of the other side; where
 * both are folders, from both those that fit the newest run of the candidate. A note names how many were left out, and why. A run of one
 * side that is also in the folder of the other one is left out of that folder: no run is part of what it is judged by.
 */
export function compareSides(wholeBase: Side, wholeCandidate: Side, options: SideOptions): Outcome {
  const [base, candidate] = apart(wholeBase, wholeCandidate);
  if (base.runs.length === 0) return { obstacles: [noOther(base, candidate)] };
  if (candidate.runs.length === 0) return { obstacles: [noOther(candidate, base)] };
  const reference = (candidate.isCollection && !base.isCollection ? base : candidate).runs.at(-1)!;
  const sides = [base, candidate].map((side) => fitting(side, reference, options.force));
  const [a, b] = [sides[0]!, sides[1]!];
  const empty = sides.find(({ runs }) => runs.length === 0);
  if (empty !== undefined) return { obstacles: empty.left };
  const obstacles = obstaclesBetween(a.runs, b.runs);
  if (obstacles.length > 0 && !options.force) return { obstacles };
  const comparison = compareRuns(a.runs, b.runs, {
    tolerances: options.tolerances,
    obstacles,
    ignoreMachine: options.force,
    ...(options.paired === undefined ? {} : { paired: options.paired }),
  });
  const notes = sides.flatMap(({ notes: each }) => each);
  return {
    comparison: { ...comparison, notes: [...comparison.notes, ...notes] },
    sides: { base: a.runs, new: b.runs },
  };
}

/** Takes out of a folder of runs what the other side has, too; of two folders, out of the base. */
function apart(base: Side, candidate: Side): readonly [Side, Side] {
  if (base.isCollection) return [without(base, candidate), candidate];
  return candidate.isCollection ? [base, without(candidate, base)] : [base, candidate];
}

/** A side without the runs of the other one, with a note of their number. */
export function without(side: Side, other: Side): Side {
  const keys = new Set(other.runs.map(runKey));
  const runs = side.runs.filter((run) => !keys.has(runKey(run)));
  const both = side.runs.length - runs.length;
  if (both === 0) return side;
  const note = `${both} of ${side.runs.length} runs in ${side.given} left out: on the other side, too`;
  return { ...side, runs, notes: [...side.notes, note] };
}

/** Why there is no comparison where {@link without} left no run. */
export function noOther({ given }: Side, other: Side): Obstacle {
  const [only, ...more] = other.runs.map(({ run }) => run.id);
  const text =
    more.length === 0
      ? `there is no other run than ${only} in ${given}`
      : `there is no run in ${given} that is not on the other side, too`;
  return { code: 'same-run', text, invalid: false };
}

/** How many of each kind: ` (3 not valid, 2 other load)`. */
function countsOf(left: readonly Obstacle[]): string {
  const codes = [...new Set(left.map(({ code }) => code))];
  const texts = codes.map(
    (code) => `${left.filter((each) => each.code === code).length} ${code.replaceAll('-', ' ')}`,
  );
  return ` (${texts.join(', ')})`;
}

/** Runs of a side that count. */
export interface Fitting {
  readonly runs: readonly RunResult[];
  readonly left: readonly Obstacle[];
  readonly notes: readonly string[];
}

/** Of a folder, the newest runs that can be compared with a reference; all runs of another side, and of any side with `force`. */
export function fitting(side: Side, reference: RunResult, force: boolean): Fitting {
  if (!side.isCollection || force) return { runs: side.runs, left: [], notes: side.notes };
  const left: Obstacle[] = [];
  const runs = side.runs.filter((run) => {
    const obstacles = [...obstaclesIn(run), ...differencesBetween(reference, run)];
    left.push(...obstacles.slice(0, 1));
    return obstacles.length === 0;
  });
  const notes = [...side.notes];
  if (left.length > 0) {
    notes.push(
      `${left.length} of ${side.runs.length} runs in ${side.given} left out${countsOf(left)}, such as: ${left[0]!.text}`,
    );
  }
  if (runs.length > MOST_RUNS)
    notes.push(`the newest ${MOST_RUNS} of ${runs.length} runs in ${side.given} count`);
  return { runs: runs.slice(-MOST_RUNS), left, notes };
}
