/** Parses a decimal number: `5`, `-1.5`, `1e3`; `undefined` for anything else, including `0x10` and `Infinity`. */
export function parseNumber(text: string): number | undefined {
  const trimmed = text.trim();
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : undefined;
}
