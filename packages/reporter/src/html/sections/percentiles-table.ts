import { PERCENTILES } from '@jarvis-load/engine/result';
import {
  formatCount,
  type LatencyStats,
  type OperationStats,
  type RunResult,
} from '@jarvis-load/engine/result';
import type { HtmlRow, HtmlTable } from '../table-model.ts';
import { latencyCell, percentileCell } from './operations-table.ts';

/** Percentiles of response and service times, side by side. */
export function percentilesTable(result: RunResult): HtmlTable {
  const several = new Set(result.operations.map(({ scenario }) => scenario)).size > 1;
  const rows = (stats: OperationStats, name: string, total: boolean): HtmlRow[] => [
    row(name, 'response', stats.responseTime, '', total),
    row(name, 'service', stats.serviceTime, several ? stats.scenario : '', total, true),
  ];
  return {
    caption: 'Percentiles of response and service time in milliseconds',
    columns: [
      { title: 'Operation' },
      { title: 'Time' },
      { title: 'Samples', numeric: true },
      ...PERCENTILES.map((p) => ({ title: `p${p} ms`, numeric: true })),
      { title: 'Max ms', numeric: true },
    ],
    rows: [
      ...result.operations.flatMap((stats) => rows(stats, stats.operation, false)),
      ...(result.operations.length > 1 ? rows(result.totals, 'All operations', true) : []),
    ],
  };
}

function row(
  name: string,
  kind: string,
  stats: LatencyStats,
  scenario: string,
  total: boolean,
  repeated = false,
): HtmlRow {
  return {
    total,
    cells: [
      { text: name, code: !total, repeated, ...(scenario === '' ? {} : { sub: scenario }) },
      { text: kind },
      { text: formatCount(stats.count) },
      ...PERCENTILES.map((p) => percentileCell(stats, `p${p}`)),
      latencyCell(stats.maxMs),
    ],
  };
}
