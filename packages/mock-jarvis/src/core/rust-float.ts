/** A number as Rust writes a float: with a fraction always, 1.0 where JavaScript writes 1. */
export const rustFloat = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value));
