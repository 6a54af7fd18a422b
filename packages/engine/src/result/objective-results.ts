import type { ObjectiveResult } from '../document/schema.ts';
import type { RecordedRun } from '../model/compiled-run.ts';
import type { Objective } from '../model/objective.ts';
import type { Measures } from '../recorder/measures.ts';
import { excuseObjective, type MachineFacts } from './excuse-objective.ts';
import { judgeObjectives } from './judge-objectives.ts';

/** Objectives over the run so far. @param machine without it no failed promise is excused */
export function objectiveResults(
  objectives: readonly Objective[],
  run: RecordedRun,
  total: Measures,
  machine: MachineFacts | undefined,
): ObjectiveResult[] {
  return judgeObjectives(objectives, { run, total }).map((objective) => excuseObjective(objective, machine));
}
