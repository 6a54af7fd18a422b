import type { ObjectiveResult } from '../document/schema.ts';
import type { RecordedRun } from '../model/compiled-run.ts';
import type { Objective } from '../model/objective.ts';
import type { Measures } from '../recorder/measures.ts';
import { excuseObjective, type MachineFacts } from './excuse-objective.ts';
import { judgeObjectives } from './judge-objectives.ts';

/**
 * Objectives over the run so far.
 * @param machine without it no failed promise is excused
 * @param offeredShare the share of the planned rate that `total` is of
 */
export function objectiveResults(
  objectives: readonly Objective[],
  run: RecordedRun,
  total: Measures,
  machine: MachineFacts | undefined,
  offeredShare = 1,
): ObjectiveResult[] {
  return judgeObjectives(objectives, { run, total, offeredShare }).map((objective) =>
    excuseObjective(objective, machine),
  );
}
