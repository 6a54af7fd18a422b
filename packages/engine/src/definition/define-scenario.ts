import { EngineError } from '../errors.ts';
import type { HttpMethod, Operation, ScenarioDefinition } from '../model/scenario.ts';
import type { OperationInput, ScenarioInput } from '../model/typed-scenario.ts';
import { show } from '../show.ts';

const TEXT = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (\/\S*)$/;

/**
 * A scenario with its types: the user that its code gets knows the routes of the declared operations. All else is checked by
 * `compileRun`. Used in k6 too (`plain.ts`): imports nothing of Node.
 * @throws EngineError `invalid-scenario` for an operation text that is not a method and a route
 */
export function defineScenario<
  Shared = undefined,
  State = undefined,
  const Inputs extends readonly OperationInput[] = readonly OperationInput[],
>(definition: ScenarioInput<Inputs, Shared, State>): ScenarioDefinition<Shared, State> {
  const { operations } = definition;
  // Plain JavaScript may pass anything: the run checks what is not a list.
  if (!Array.isArray(operations)) return definition as unknown as ScenarioDefinition<Shared, State>;
  const declared = operations.map((operation: OperationInput) =>
    typeof operation === 'string' ? operationOf(operation, definition.name) : operation,
  );
  return { ...definition, operations: declared } as unknown as ScenarioDefinition<Shared, State>;
}

function operationOf(text: string, scenario: string): Operation {
  const [, method, route] = TEXT.exec(text) ?? [];
  if (method === undefined || route === undefined) {
    const hint = /^[A-Z]+ https?:/.test(text)
      ? ' The address is that of the target; another one is given by bases.'
      : '';
    throw new EngineError(
      'invalid-scenario',
      `scenario ${show(scenario)} has the operation ${show(text)}; expected a method and a route, such as 'GET /orders/{id}'.${hint}`,
    );
  }
  return { name: text, method: method as HttpMethod, route };
}
