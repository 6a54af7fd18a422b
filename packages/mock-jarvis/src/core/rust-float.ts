/** Formats a number as Rust formats a float: 1.0 where JavaScript writes 1. */
export const rustFloat = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value));
