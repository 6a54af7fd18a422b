/** A number for the document: what recorders keep as NaN is not known, and null there. */
export function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
