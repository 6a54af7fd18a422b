import type { RunResult } from '@jarvis-load/engine/result';
import { escapeTerminal } from '../escape/terminal.ts';
import { groupThresholds, type ThresholdRow } from '../view/threshold-row.ts';
import { LOW_SAMPLES_MARK } from '../view/status.ts';
import { section, type TextContext } from './context.ts';
import { statusSymbolCell, statusWordCell } from './status-cell.ts';
import { textTable, type TextCell, type TextRow } from './text-table.ts';

function wordAndRemark({ status, remark }: ThresholdRow): TextCell {
  const word = statusWordCell(status);
  return remark === '' ? word : { ...word, text: `${word.text}: ${escapeTerminal(remark)}` };
}

/** Thresholds by metric, with measured values. */
export function thresholdsSection(result: RunResult, context: TextContext): string[] {
  if (result.thresholds.length === 0) return [];
  const rows = groupThresholds(result.thresholds).flatMap(
    ({ metric, scenario, rows: thresholds }): TextRow[] => [
      { heading: escapeTerminal(metric), aside: escapeTerminal(scenario) },
      ...thresholds.map((threshold) => [
        statusSymbolCell(threshold.status),
        escapeTerminal(threshold.expression),
        `${threshold.low ? LOW_SAMPLES_MARK : ''}${threshold.measured}`,
        ...(['no-data', 'unproven', 'machine-limited'].includes(threshold.status)
          ? [wordAndRemark(threshold)]
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
