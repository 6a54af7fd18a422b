import { OUTCOMES } from '../outcome.ts';
import type { CompiledOperation } from '../run/compile.ts';
import type { Tags } from '../scenario.ts';

/** What part of a built-in metric a selector names. */
export interface Selection {
  operation(operation: CompiledOperation): boolean;
  scenario(name: string): boolean;
  /** Outcomes by index; `undefined`: all. */
  readonly outcomes: readonly number[] | undefined;
  readonly check: string | undefined;
}

/** Turns the tags of a selector into a selection. */
export function selectionOf(tags: Tags): Selection {
  const operationName = tags['operation'];
  const { name, method, scenario, outcome, check } = tags;
  return {
    operation: (compiled) =>
      (scenario === undefined || compiled.scenario === scenario) &&
      (operationName === undefined || compiled.operation.name === operationName) &&
      (name === undefined || compiled.operation.name === name) &&
      (method === undefined || compiled.operation.method === method),
    scenario: (candidate) => scenario === undefined || candidate === scenario,
    outcomes: outcomesOf(outcome, tags['expected_response']),
    check,
  };
}

function outcomesOf(outcome: string | undefined, expected: string | undefined): number[] | undefined {
  if (outcome === undefined && expected === undefined) return undefined;
  return OUTCOMES.flatMap((candidate, index) => {
    if (outcome !== undefined && candidate !== outcome) return [];
    if (expected !== undefined && (expected === 'true') !== (candidate === 'ok')) return [];
    return [index];
  });
}
