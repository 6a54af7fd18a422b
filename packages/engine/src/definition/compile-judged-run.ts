import { didYouMean } from '../did-you-mean.ts';
import { EngineError } from '../errors.ts';
import type { CompiledRun } from '../model/compiled-run.ts';
import type { Objective } from '../model/objective.ts';
import type { ScenarioDefinition } from '../model/scenario.ts';
import { show } from '../show.ts';
import { compileRun } from './compile.ts';

/**
 * Compiles the scenarios of a run that these objectives judge.
 * @throws EngineError as `compileRun`, and `invalid-option` for an objective of an operation that no scenario has: nothing would
 * judge it
 */
export function compileJudgedRun(
  definitions: readonly ScenarioDefinition[],
  objectives: readonly Objective[] = [],
): CompiledRun {
  const run = compileRun(definitions);
  const known = [...new Set(run.operations.map(({ operation }) => operation.name))];
  for (const { operation } of objectives) {
    if (known.includes(operation)) continue;
    throw new EngineError(
      'invalid-option',
      `objectives has operation ${show(operation)}, which no scenario declares; expected one of: ${known.join(', ')}.${didYouMean(operation, known)}`,
    );
  }
  return run;
}
