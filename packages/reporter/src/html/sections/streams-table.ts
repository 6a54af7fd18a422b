import { formatCount, formatShare, type RunResult } from '@jarvis-load/engine/result';
import { streamsOf, tokenRate } from '../../view/streams.ts';
import type { HtmlTable } from '../table-model.ts';
import { percentileCell } from './operations-table.ts';

/** Streamed responses: first and last token, gaps, tokens, goodput; undefined without any. */
export function streamsTable(result: RunResult): HtmlTable | undefined {
  const rows = streamsOf(result);
  if (rows.length === 0) return undefined;
  const numeric = (title: string) => ({ title, numeric: true });
  return {
    caption: 'Streamed responses: times in milliseconds, first and last token from the intended start',
    sortable: true,
    columns: [
      { title: 'Operation' },
      ...[
        'Streams',
        'TTFT p50 ms',
        'TTFT p95 ms',
        'TTFT p99 ms',
        'TTLT p95 ms',
        'Per token p50 ms',
        'Gap p99 ms',
        'Longest gap p99 ms',
        'Tokens/s',
        'Good',
      ].map(numeric),
    ],
    rows: rows.map(([{ operation, method, route }, streams]) => ({
      cells: [
        { text: operation, sub: `${method} ${route}`, code: true },
        { text: formatCount(streams.streams), sort: streams.streams },
        percentileCell(streams.ttft, 'p50'),
        percentileCell(streams.ttft, 'p95'),
        percentileCell(streams.ttft, 'p99'),
        percentileCell(streams.ttlt, 'p95'),
        percentileCell(streams.tpot, 'p50'),
        percentileCell(streams.gap, 'p99'),
        percentileCell(streams.longestGap, 'p99'),
        { text: tokenRate(streams), sort: streams.tokensPerSecond },
        streams.goodput === undefined
          ? { text: '–', sort: -1 }
          : { text: formatShare(streams.goodput.share), sort: streams.goodput.share },
      ],
    })),
  };
}
