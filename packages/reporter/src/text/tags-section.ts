import {
  formatCount,
  formatNumber,
  formatShare,
  type LatencyStats,
  type RunResult,
} from '@jarvis-load/engine/result';
import { escapeTerminal } from '../escape/terminal.ts';
import { percentileMark } from '../view/percentile-mark.ts';
import { section, type TextContext } from './context.ts';
import { textTable, type TextColumn } from './text-table.ts';

/** Further values are in the files. */
const MOST_ROWS = 20;
const GROUP_COLUMN: TextColumn = { title: 'work p95', align: 'right', shed: 1 };
const COLUMNS: readonly TextColumn[] = [
  { title: '', align: 'left', shrinkTo: 14 },
  { title: 'count', align: 'right' },
  { title: 'rps', align: 'right', shed: 2 },
  { title: 'fail', align: 'right' },
  { title: 'retried', align: 'right', shed: 1 },
  { title: 'p50', align: 'right', shed: 1 },
  { title: 'p95', align: 'right' },
  { title: 'p99', align: 'right' },
  { title: 'max', align: 'right', shed: 3 },
];

/** Requests by tag and value; nothing without any. */
export function tagsSection({ tags = [] }: RunResult, context: TextContext): string[] {
  const retried = tags.some(({ retries = null }) => (retries ?? 0) > 0);
  const hasGroups = tags.some(({ groupDuration }) => groupDuration !== undefined);
  const rows = tags
    .slice(0, MOST_ROWS)
    .map(
      ({ tag, value, requests, failureShare, retries, requestsPerSecond, responseTime, groupDuration }) => [
        escapeTerminal(`${tag}:${value}`),
        formatCount(requests),
        formatNumber(requestsPerSecond),
        formatShare(failureShare),
        ...(retried ? [formatCount(retries ?? null)] : []),
        ...(['p50', 'p95', 'p99'] as const).map((key) => percentileText(responseTime, key)),
        formatNumber(responseTime.maxMs),
        ...(hasGroups ? [groupDuration === undefined ? '' : percentileText(groupDuration, 'p95')] : []),
      ],
    );
  if (rows.length === 0) return [];
  const columns = COLUMNS.filter(({ title }) => retried || title !== 'retried');
  const hidden = tags.length - rows.length;
  return section(
    context,
    'TAGS',
    [
      ...textTable(context, hasGroups ? [...columns, GROUP_COLUMN] : columns, rows),
      ...(hidden > 0 ? [`  ${hidden} more in tags.csv`] : []),
    ],
    hasGroups
      ? 'response times in ms, all outcomes; work: the whole work of a group'
      : 'response times in ms, all outcomes',
  );
}

function percentileText(stats: LatencyStats, key: 'p50' | 'p95' | 'p99'): string {
  return `${percentileMark(stats, key)}${formatNumber(stats.percentiles[key])}`;
}
