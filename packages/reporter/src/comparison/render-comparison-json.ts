import type { Comparison } from '@jarvis-load/compare';
import { jsonText } from '../escape/json.ts';

/** A comparison as JSON text, in the form of the type {@link Comparison}. */
export function renderComparisonJson(comparison: Comparison): string {
  return `${jsonText(comparison, 2)}\n`;
}
