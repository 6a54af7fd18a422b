import { formatCount, formatNumber, formatShare, type RunResult } from '@jarvis-load/engine/result';
import { escapeTerminal } from '../escape/terminal.ts';
import { percentileMark } from '../view/percentile-mark.ts';
import { section, type TextContext } from './context.ts';
import { textTable, type TextColumn } from './text-table.ts';

/** Further values are in the files. */
const MOST_ROWS = 20;
const COLUMNS: readonly TextColumn[] = [
  { title: '', align: 'left', shrinkTo: 14 },
  { title: 'count', align: 'right' },
  { title: 'rps', align: 'right', shed: 2 },
  { title: 'fail', align: 'right' },
  { title: 'p50', align: 'right', shed: 1 },
  { title: 'p95', align: 'right' },
  { title: 'p99', align: 'right' },
  { title: 'max', align: 'right', shed: 3 },
];

/** Requests by tag and value; nothing without any. */
export function tagsSection({ tags = [] }: RunResult, context: TextContext): string[] {
  const rows = tags
    .slice(0, MOST_ROWS)
    .map(({ tag, value, requests, failureShare, requestsPerSecond, responseTime }) => [
      escapeTerminal(`${tag}:${value}`),
      formatCount(requests),
      formatNumber(requestsPerSecond),
      formatShare(failureShare),
      ...(['p50', 'p95', 'p99'] as const).map(
        (key) => `${percentileMark(responseTime, key)}${formatNumber(responseTime.percentiles[key])}`,
      ),
      formatNumber(responseTime.maxMs),
    ]);
  if (rows.length === 0) return [];
  const hidden = tags.length - rows.length;
  return section(
    context,
    'TAGS',
    [...textTable(context, COLUMNS, rows), ...(hidden > 0 ? [`  ${hidden} more in tags.csv`] : [])],
    'response times in ms, all outcomes',
  );
}
