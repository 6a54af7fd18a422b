import type { CapacityReport } from '@jarvis-load/capacity';
import { jsonText } from '../escape/json.ts';

/** The report, which the caller has redacted, as `capacity.json` holds it: in the form of the type {@link CapacityReport}. */
export function renderCapacityJson(report: CapacityReport): string {
  return `${jsonText(report, 2)}\n`;
}
