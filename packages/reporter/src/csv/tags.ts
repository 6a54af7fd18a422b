import { PERCENTILES, type RunResult } from '@jarvis-load/engine/result';
import { csvTable } from './csv-table.ts';

const HEADER = [
  'Tag',
  'Value',
  'Request Count',
  'Failure Count',
  'Requests/s',
  'Average Response Time',
  'Min Response Time',
  'Max Response Time',
  ...PERCENTILES.map((p) => `${p}%`),
  'Group Count',
  'Average Group Duration',
  ...PERCENTILES.map((p) => `Group ${p}%`),
  'Retry Count',
];

/**
 * Requests by tag and value; undefined without any. Response times and durations of groups in milliseconds, all outcomes; `N/A`: not
 * measured.
 */
export function renderTagsCsv({ tags }: RunResult): string | undefined {
  if (tags === undefined) return undefined;
  return csvTable(
    HEADER,
    tags.map(({ tag, value, requests, failed, retries, requestsPerSecond, responseTime, groupDuration }) => [
      tag,
      value,
      requests,
      failed,
      requestsPerSecond,
      responseTime.meanMs ?? 'N/A',
      responseTime.minMs ?? 'N/A',
      responseTime.maxMs ?? 'N/A',
      ...PERCENTILES.map((p) => responseTime.percentiles[`p${p}`] ?? 'N/A'),
      groupDuration?.count ?? 'N/A',
      groupDuration?.meanMs ?? 'N/A',
      ...PERCENTILES.map((p) => groupDuration?.percentiles[`p${p}`] ?? 'N/A'),
      retries ?? 'N/A',
    ]),
  );
}
