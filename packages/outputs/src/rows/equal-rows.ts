/**
 * Elements with the same key together, in the order of their first ones. Names of a target that differ in a secret only are equal
 * once it is redacted: a receiver keeps the last of several rows with the same names and time, so that they have to be one.
 */
export function equalRows<T>(
  elements: readonly T[],
  keyOf: (element: T) => string,
): readonly (readonly T[])[] {
  const rows = new Map<string, T[]>();
  for (const element of elements) {
    const key = keyOf(element);
    const row = rows.get(key);
    if (row === undefined) rows.set(key, [element]);
    else row.push(element);
  }
  return [...rows.values()];
}
