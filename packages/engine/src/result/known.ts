/** Converts a recorder's NaN (not known) to the document's null. */
export function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
