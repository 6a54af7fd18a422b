/** An operation of a scenario; `*`: all. */
interface Named {
  readonly scenario: string;
  readonly operation: string;
}

/**
 * How every view of a comparison, a history or a spread names its operations: by their name, with the scenario where several
 * scenarios have an operation of that name; `all` for the totals. Names are unescaped.
 *
 * @param all the operations of that comparison; the totals may be among them
 */
export function operationNames(all: readonly Named[]): (operation: Named) => string {
  const scenariosOf = new Map<string, Set<string>>();
  for (const { scenario, operation } of all)
    scenariosOf.set(operation, (scenariosOf.get(operation) ?? new Set()).add(scenario));
  return ({ scenario, operation }) => {
    if (operation === '*') return 'all';
    return (scenariosOf.get(operation)?.size ?? 0) > 1 ? `${operation} (${scenario})` : operation;
  };
}
