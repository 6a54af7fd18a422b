import { nearestName } from '@jarvis-load/engine';
import { environmentName, type AnyFlagTable } from './flag.ts';

/**
 * Warnings about variables with our prefix that no command reads, which are most likely mistyped.
 * @param others variables with our prefix that are read elsewhere than by a flag
 */
export function unknownVariables(
  environment: Readonly<Record<string, string | undefined>>,
  tables: readonly AnyFlagTable[],
  others: readonly string[],
): readonly string[] {
  const known = [
    ...new Set([...tables.flatMap((table) => Object.keys(table).map(environmentName)), ...others]),
  ];
  return Object.keys(environment)
    .filter((name) => name.startsWith('JARVIS_LOAD_') && !known.includes(name))
    .map((name) => {
      const near = nearestName(name, known);
      return `warning: the variable ${name} means nothing to jarvis-load${near === undefined ? '' : `; did you mean ${near}?`}`;
    });
}
