import type { CapacityReport } from '@jarvis-load/capacity';

/** The report as JSON, as `capacity.json` holds it. */
export function renderCapacityJson(report: CapacityReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
