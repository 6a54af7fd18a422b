import { BUILTIN_TAGS } from '../builtin-tags.ts';
import { isFailure, OUTCOMES } from '../outcome.ts';
import type { CompiledOperation } from '../model/compiled-run.ts';
import type { Operation, Tags } from '../model/scenario.ts';

/** What part of a built-in metric a selector names. */
export interface Selection {
  /** Whether requests of the operation may be part of it. */
  operation(operation: CompiledOperation): boolean;
  /** Tags that only requests with tags of their own have; undefined: every request of the operation is part of it. */
  requestTags(operation: CompiledOperation): Tags | undefined;
  scenario(name: string): boolean;
  /** Outcomes by index; `undefined`: all. */
  readonly outcomes: readonly number[] | undefined;
  /** HTTP status, 0: no answer; `undefined`: all. */
  readonly status: number | undefined;
  readonly check: string | undefined;
  /** Path of a group; `undefined`: all. */
  readonly group: string | undefined;
}

/**
 * Turns the tags of a selector into a selection. `MetricCatalog` has checked them: a status that is none would select all.
 * @param carries whether a scenario, or one of its operations, defines this tag with this value
 * @param requestsMayCarry whether requests of a scenario may have this tag
 */
export function selectionOf(
  tags: Tags,
  carries: (scenario: string, tag: string, value: string, operation?: Operation) => boolean = () => false,
  requestsMayCarry: (scenario: string, tag: string) => boolean = () => false,
): Selection {
  const own = Object.entries(tags).filter(([tag]) => !BUILTIN_TAGS.has(tag));
  const ofScenario = (candidate: string): boolean =>
    (scenario === undefined || candidate === scenario) &&
    own.every(([tag, value]) => carries(candidate, tag, value) || requestsMayCarry(candidate, tag));
  const operationName = tags['operation'];
  const { name, method, scenario, outcome, check, group } = tags;
  return {
    operation: (compiled) =>
      (scenario === undefined || compiled.scenario === scenario) &&
      own.every(
        ([tag, value]) =>
          carries(compiled.scenario, tag, value, compiled.operation) ||
          requestsMayCarry(compiled.scenario, tag),
      ) &&
      (operationName === undefined || compiled.operation.name === operationName) &&
      (name === undefined || compiled.operation.name === name) &&
      (method === undefined || compiled.operation.method === method),
    requestTags: (compiled) => {
      const left = own.filter(([tag, value]) => !carries(compiled.scenario, tag, value, compiled.operation));
      return left.length === 0 ? undefined : Object.fromEntries(left);
    },
    scenario: ofScenario,
    outcomes: outcomesOf(outcome, tags['expected_response']),
    status: tags['status'] === undefined ? undefined : parseStatus(tags['status']),
    check,
    group,
  };
}

/** The status that a tag names, as k6 writes it; `undefined` if it is not a valid status. */
export function parseStatus(text: string): number | undefined {
  return /^(0|[1-9]\d\d)$/.test(text) ? Number(text) : undefined;
}

function outcomesOf(outcome: string | undefined, expected: string | undefined): number[] | undefined {
  if (outcome === undefined && expected === undefined) return undefined;
  return OUTCOMES.flatMap((candidate, index) => {
    if (outcome !== undefined && candidate !== outcome) return [];
    if (expected !== undefined && (expected === 'true') === isFailure(candidate)) return [];
    return [index];
  });
}
