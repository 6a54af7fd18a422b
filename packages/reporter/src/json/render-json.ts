import type { RunResult } from '@jarvis-load/engine/result';

/**
 * The result document as JSON text. One line for each member of the document and for each element of its lists, so
 * that it stays small, and line tools (diff, grep) still work on it.
 */
export function renderJson(result: RunResult): string {
  const members = Object.entries(result)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `  ${JSON.stringify(name)}: ${member(value)}`);
  return `{\n${members.join(',\n')}\n}\n`;
}

function member(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) return JSON.stringify(value);
  return `[\n${value.map((element) => `    ${JSON.stringify(element)}`).join(',\n')}\n  ]`;
}
