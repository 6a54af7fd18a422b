/** Set by `repeat` for each of its runs, so that none replaces the files of another. */
export const REPEATED_VARIABLE = 'JARVIS_LOAD_REPEATED';

/** Whether this run is one of several that `repeat` makes. */
export function isRepeated(environment: Readonly<Record<string, string | undefined>>): boolean {
  return environment[REPEATED_VARIABLE] !== undefined;
}
