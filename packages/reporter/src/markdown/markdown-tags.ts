import {
  formatCount,
  formatNumber,
  formatShare,
  type LatencyStats,
  type RunResult,
} from '@jarvis-load/engine/result';
import { escapeMarkdown } from '../escape/markdown.ts';
import { shortened } from '../format/shortened.ts';
import { percentileMark } from '../view/percentile-mark.ts';
import { markdownTable } from './markdown-table.ts';

const MOST_ROWS = 60;
const LONGEST_TEXT = 300;
const SHOWN = ['p50', 'p95', 'p99'] as const;

/** Requests by tag and value; nothing without any. */
export function markdownTags({ tags = [] }: RunResult): string[] {
  if (tags.length === 0) return [];
  const retried = tags.some(({ retries = null }) => (retries ?? 0) > 0);
  const hasGroups = tags.some(({ groupDuration }) => groupDuration !== undefined);
  const hidden = tags.length - MOST_ROWS;
  const numeric = (title: string) => ({ title, numeric: true });
  return [
    '#### Tags',
    '',
    markdownTable(
      [
        { title: 'tag' },
        ...[
          'count',
          'failed',
          ...(retried ? ['retried'] : []),
          ...SHOWN,
          ...(hasGroups ? ['work p95'] : []),
        ].map(numeric),
      ],
      tags
        .slice(0, MOST_ROWS)
        .map(({ tag, value, requests, failureShare, retries = null, responseTime, groupDuration }) => [
          escapeMarkdown(shortened(`${tag}:${value}`, LONGEST_TEXT)),
          formatCount(requests),
          escapeMarkdown(formatShare(failureShare)),
          ...(retried ? [formatCount(retries)] : []),
          ...SHOWN.map((key) => percentileText(responseTime, key)),
          ...(hasGroups ? [groupDuration === undefined ? '' : percentileText(groupDuration, 'p95')] : []),
        ]),
    ),
    '',
    ...(hidden > 0 ? [`and ${formatCount(hidden)} more, in tags.csv`, ''] : []),
  ];
}

function percentileText(stats: LatencyStats, key: 'p50' | 'p95' | 'p99'): string {
  return escapeMarkdown(`${percentileMark(stats, key)}${formatNumber(stats.percentiles[key])}`);
}
