import type { OperationStats, RunResult } from '@jarvis-load/engine/result';
import { csvTable, NOT_KNOWN, ofRequests, type CsvRow } from './csv-table.ts';
import { areFailuresUnknown } from '../view/sentences.ts';
import { compareText, locustNames } from './locust-name.ts';
import { PERCENTILE_COLUMNS, percentileCells } from './percentile-columns.ts';

const HEADER = [
  'Type',
  'Name',
  'Request Count',
  'Failure Count',
  'Median Response Time',
  'Average Response Time',
  'Min Response Time',
  'Max Response Time',
  'Average Content Size',
  'Requests/s',
  'Failures/s',
  ...PERCENTILE_COLUMNS,
];

/** Locust's `_stats.csv`: a row per operation, then `Aggregated`. Times in milliseconds from the intended start. What nothing tells, such as failures or sizes, is `N/A`. */
export function renderStatsCsv(result: RunResult): string {
  const nameOf = locustNames(result);
  const entries = result.operations
    .map((stats) => ({ stats, name: nameOf(stats.scenario, stats.operation) }))
    .sort((a, b) => compareText(a.name, b.name) || compareText(a.stats.method, b.stats.method));
  return csvTable(HEADER, [
    ...entries.map(({ stats, name }) => row(stats.method, name, stats)),
    row('', 'Aggregated', result.totals),
  ]);
}

function row(method: string, name: string, stats: OperationStats): CsvRow {
  const { responseTime } = stats;
  return [
    method,
    name,
    stats.requests,
    areFailuresUnknown(stats) ? NOT_KNOWN : stats.failed,
    ofRequests(stats.requests, responseTime.percentiles.p50),
    ofRequests(stats.requests, responseTime.meanMs),
    ofRequests(stats.requests, responseTime.minMs),
    ofRequests(stats.requests, responseTime.maxMs),
    ofRequests(stats.requests, stats.meanBodyBytes),
    stats.requestsPerSecond,
    areFailuresUnknown(stats) ? NOT_KNOWN : stats.failuresPerSecond,
    ...percentileCells(responseTime.percentiles, responseTime.maxMs),
  ];
}
