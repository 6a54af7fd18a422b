const CODES = { bold: '1', dim: '2', red: '31', green: '32', yellow: '33', cyan: '36' } as const;

/** Style of a piece of text; it only repeats what a symbol or word beside it says. */
export type Style = keyof typeof CODES;

/** Wraps text in ANSI styles, or returns it unchanged. */
export type Paint = (text: string, ...styles: readonly Style[]) => string;

/** The function for a terminal with or without colour. */
export function createPaint(color: boolean): Paint {
  if (!color) return (text) => text;
  return (text, ...styles) =>
    styles.length === 0 || text === ''
      ? text
      : `\u001b[${styles.map((style) => CODES[style]).join(';')}m${text}\u001b[0m`;
}
