import type { Comparison } from '@jarvis-load/compare';

/** A comparison as JSON text, in the form of the type {@link Comparison}. */
export function renderComparisonJson(comparison: Comparison): string {
  return `${JSON.stringify(comparison, null, 2)}\n`;
}
