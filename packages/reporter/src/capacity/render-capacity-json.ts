import type { CapacityReport } from '@jarvis-load/capacity';
import { jsonText } from '../escape/json.ts';

/** The report as JSON, as `capacity.json` holds it. */
export function renderCapacityJson(report: CapacityReport): string {
  return `${jsonText(report, 2)}\n`;
}
