import type { RunResult } from '@jarvis-load/engine/result';
import { jsonText } from '../escape/json.ts';

/**
 * The result document as JSON text. One line per member of the document and per element of its lists: compact, and
 * still usable with line tools (diff, grep).
 */
export function renderJson(result: RunResult): string {
  const members = Object.entries(result)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `  ${jsonText(name)}: ${member(value)}`);
  return `{\n${members.join(',\n')}\n}\n`;
}

function member(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) return jsonText(value);
  return `[\n${value.map((element) => `    ${jsonText(element)}`).join(',\n')}\n  ]`;
}
