import { FURTHER, METRICS, type FurtherMetric, type Metric } from '@jarvis-load/compare';
import { PERCENTILES } from '@jarvis-load/engine/result';
import {
  formatCount,
  type LatencyStats,
  type OperationStats,
  type RunResult,
} from '@jarvis-load/engine/result';
import { Arrows, type Arrow } from '../../comparison/arrow.ts';
import type { HtmlCell, HtmlRow, HtmlTable } from '../table-model.ts';
import { latencyCell, percentileCell } from './operations-table.ts';

/** Percentiles of response and service times, side by side. */
export function percentilesTable(result: RunResult, arrows: Arrows = new Arrows(undefined)): HtmlTable {
  const several = new Set(result.operations.map(({ scenario }) => scenario)).size > 1;
  const rows = (stats: OperationStats, name: string, total: boolean): HtmlRow[] => [
    row(name, 'response', stats.responseTime, '', total, (metric) =>
      arrows.of(stats.scenario, stats.operation, metric),
    ),
    row(name, 'service', stats.serviceTime, several ? stats.scenario : '', total),
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
  /** Of response times: service times are not compared, and their row is the second one of the operation. */
  arrowOf?: (metric: Metric | FurtherMetric) => Arrow | undefined,
): HtmlRow {
  const repeated = arrowOf === undefined;
  const compared = (cell: HtmlCell, metric: Metric | FurtherMetric | undefined): HtmlCell => {
    const arrow = metric === undefined ? undefined : arrowOf?.(metric);
    return arrow === undefined ? cell : { ...cell, arrow };
  };
  return {
    total,
    cells: [
      { text: name, code: !total, repeated, ...(scenario === '' ? {} : { sub: scenario }) },
      { text: kind },
      { text: formatCount(stats.count) },
      ...PERCENTILES.map((p) => {
        const metric = [...METRICS, ...FURTHER].find((each) => each === `p${p}`);
        return compared(percentileCell(stats, `p${p}`), metric);
      }),
      compared(latencyCell(stats.maxMs), 'max'),
    ],
  };
}
