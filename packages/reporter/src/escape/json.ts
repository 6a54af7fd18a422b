/* oxlint-disable no-control-regex -- this module escapes control characters */

/** DEL, C1, separators of lines, and bidirectional controls: JSON allows them, a terminal that shows the file runs them. */
const UNPRINTABLE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** JSON text of a value that holds text of unknown origin: the same value, and inert where the text is shown as it is. */
export function jsonText(value: unknown, space?: number): string {
  return JSON.stringify(value, undefined, space).replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
