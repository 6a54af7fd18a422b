import type { RunResult, SeriesPoint } from '@jarvis-load/engine/result';
import { csvTable, NOT_KNOWN, ofRequests, type CsvRow } from './csv-table.ts';
import { PERCENTILE_COLUMNS, percentileCells } from './percentile-columns.ts';

const HEADER = [
  'Timestamp',
  'User Count',
  'Type',
  'Name',
  'Requests/s',
  'Failures/s',
  ...PERCENTILE_COLUMNS,
  'Total Request Count',
  'Total Failure Count',
  'Total Median Response Time',
  'Total Average Response Time',
  'Total Min Response Time',
  'Total Max Response Time',
  'Total Average Content Size',
];

/**
 * Locust's `_stats_history.csv`, the `Aggregated` rows: one per point of the series, with the time of its end. Rates
 * and percentiles are those of the point itself (as in Locust with `--csv-full-history`), `Total` columns those of the
 * run so far.
 */
export function renderHistoryCsv(result: RunResult): string {
  const startedAtMs = Date.parse(result.run.startedAt);
  return csvTable(
    HEADER,
    result.series.points.map((point) => row(startedAtMs, point)),
  );
}

function row(startedAtMs: number, point: SeriesPoint): CsvRow {
  const { cumulative, responseTime } = point;
  const perSecond = (count: number) => (point.durationMs > 0 ? (count * 1000) / point.durationMs : 0);
  return [
    Math.floor((startedAtMs + point.atMs + point.durationMs) / 1000),
    point.users ?? NOT_KNOWN,
    '',
    'Aggregated',
    perSecond(point.requests),
    perSecond(point.failed),
    ...percentileCells(responseTime.percentiles, responseTime.maxMs),
    cumulative.requests,
    cumulative.failed,
    ofRequests(cumulative.requests, cumulative.medianMs),
    ofRequests(cumulative.requests, cumulative.meanMs),
    ofRequests(cumulative.requests, cumulative.minMs),
    ofRequests(cumulative.requests, cumulative.maxMs),
    ofRequests(cumulative.requests, cumulative.meanBodyBytes),
  ];
}
