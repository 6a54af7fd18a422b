import { didYouMean } from '../did-you-mean.ts';
import { EngineError } from '../errors.ts';
import type { CompiledRun } from '../model/compiled-run.ts';
import type { Objective } from '../model/objective.ts';
import { show } from '../show.ts';

/** @throws EngineError `invalid-option` for an objective of an operation that no scenario has: nothing would judge it */
export function checkObjectives({ operations }: CompiledRun, objectives: readonly Objective[] = []): void {
  const known = [...new Set(operations.map(({ operation }) => operation.name))];
  for (const { operation } of objectives) {
    if (known.includes(operation)) continue;
    throw new EngineError(
      'invalid-option',
      `objectives has operation ${show(operation)}, which no scenario declares; expected one of: ${known.join(', ')}.${didYouMean(operation, known)}`,
    );
  }
}
