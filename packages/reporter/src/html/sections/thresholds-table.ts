import type { RunResult } from '@jarvis-load/engine/result';
import { thresholdMetric, thresholdRow } from '../../view/threshold-row.ts';
import { STATUS_WORDS } from '../../view/status.ts';
import type { HtmlTable } from '../table-model.ts';

/** Thresholds with measured values. */
export function thresholdsTable(result: RunResult): HtmlTable {
  return {
    caption: 'Thresholds with measured values',
    columns: [
      { title: 'Metric' },
      { title: 'Scenario' },
      { title: 'Threshold' },
      { title: 'Measured', numeric: true },
      { title: 'Verdict' },
    ],
    rows: result.thresholds.map((threshold) => {
      const row = thresholdRow(threshold);
      return {
        cells: [
          { text: thresholdMetric(threshold), code: true },
          { text: threshold.scenario ?? 'all' },
          { text: row.expression, code: true },
          { text: row.measured },
          { text: STATUS_WORDS[row.status], status: row.status, sub: row.remark },
        ],
      };
    }),
  };
}
