/** Converts what is not known (NaN) or has no end (Infinity) to the document's null. */
export function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
