import {
  formatCount,
  formatNumber,
  formatShare,
  type LatencyStats,
  type RunResult,
} from '@jarvis-load/engine/result';
import type { HtmlCell, HtmlTable } from '../table-model.ts';
import { percentileCell } from './operations-table.ts';

/** Requests by tag and value; undefined without any. */
export function tagsTable({ tags }: RunResult): HtmlTable | undefined {
  if (tags === undefined) return undefined;
  const hasGroups = tags.some(({ groupDuration }) => groupDuration !== undefined);
  const numeric = (title: string) => ({ title, numeric: true });
  return {
    caption: `Requests by tag and value: counts, rates and response times in milliseconds${hasGroups ? '; work: the whole work of a group' : ''}`,
    sortable: true,
    columns: [
      { title: 'Tag' },
      { title: 'Value' },
      ...['Count', 'Req/s', 'Failed', 'Retried', 'Mean ms', 'p50 ms', 'p95 ms', 'p99 ms', 'Max ms'].map(
        numeric,
      ),
      ...(hasGroups ? ['Work p50 ms', 'Work p95 ms'].map(numeric) : []),
    ],
    rows: tags.map(
      ({
        tag,
        value,
        requests,
        failureShare,
        retries = null,
        requestsPerSecond,
        responseTime,
        groupDuration,
      }) => ({
        cells: [
          { text: tag, code: true },
          { text: value, code: true },
          { text: formatCount(requests), sort: requests },
          { text: formatNumber(requestsPerSecond), sort: requestsPerSecond },
          { text: formatShare(failureShare), sort: failureShare ?? -1 },
          { text: formatCount(retries), sort: retries ?? -1 },
          { text: formatNumber(responseTime.meanMs), sort: responseTime.meanMs ?? -1 },
          percentileCell(responseTime, 'p50'),
          percentileCell(responseTime, 'p95'),
          percentileCell(responseTime, 'p99'),
          { text: formatNumber(responseTime.maxMs), sort: responseTime.maxMs ?? -1 },
          ...(hasGroups ? (['p50', 'p95'] as const).map((key) => groupCell(groupDuration, key)) : []),
        ],
      }),
    ),
  };
}

function groupCell(duration: LatencyStats | undefined, key: 'p50' | 'p95'): HtmlCell {
  return duration === undefined ? { text: '', sort: -1 } : percentileCell(duration, key);
}
