import type { Comparison } from '@jarvis-load/compare';
import { jsonText } from '../escape/json.ts';

/** A comparison as JSON text, in the form of the type {@link Comparison}; of several, a list. */
export function renderComparisonJson(comparison: Comparison | readonly Comparison[]): string {
  return `${jsonText(comparison, 2)}\n`;
}
