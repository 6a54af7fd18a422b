import type { RunResult } from '@jarvis-load/engine/result';
import { escapeTerminal } from '../escape/terminal.ts';
import { groupThresholds } from '../view/threshold-row.ts';
import { section, type TextContext } from './context.ts';
import { statusSymbolCell } from './status-cell.ts';
import { textTable, type TextRow } from './text-table.ts';

/** Thresholds by metric, each with what was measured. */
export function thresholdsSection(result: RunResult, context: TextContext): string[] {
  if (result.thresholds.length === 0) return [];
  const rows = groupThresholds(result.thresholds).flatMap(
    ({ metric, scenario, rows: thresholds }): TextRow[] => [
      { heading: escapeTerminal(metric), aside: escapeTerminal(scenario) },
      ...thresholds.map((threshold) => [
        statusSymbolCell(threshold.status),
        escapeTerminal(threshold.expression),
        threshold.measured,
        ...(threshold.status === 'no-data'
          ? [{ text: 'NO DATA', styles: ['yellow'] as const }]
          : [{ text: escapeTerminal(threshold.remark), styles: ['dim'] as const }]),
      ]),
    ],
  );
  const columns = [
    { title: '', align: 'left' },
    { title: '', align: 'left', shrinkTo: 16 },
    { title: '', align: 'right' },
    { title: '', align: 'left', shrinkTo: 10, shed: 1 },
  ] as const;
  return section(context, 'THRESHOLDS', textTable(context, columns, rows));
}
