import { formatCount, formatNumber, formatShare, type RunResult } from '@jarvis-load/engine/result';
import { escapeMarkdown } from '../escape/markdown.ts';
import { shortened } from '../format/shortened.ts';
import { percentileMark } from '../view/percentile-mark.ts';
import { streamRemarks, streamsOf, tokenRate, type StreamStats } from '../view/streams.ts';
import { markdownTable } from './markdown-table.ts';

const MOST_ROWS = 60;
const LONGEST_TEXT = 300;
const TIMES = [
  ['TTFT p50', 'ttft', 'p50'],
  ['p95', 'ttft', 'p95'],
  ['p99', 'ttft', 'p99'],
  ['TTLT p95', 'ttlt', 'p95'],
  ['gap p99', 'gap', 'p99'],
  ['longest p99', 'longestGap', 'p99'],
] as const;

/** Streamed responses: a table and the goodput with its interval; nothing without any. */
export function markdownStreams(result: RunResult): string[] {
  const streaming = streamsOf(result);
  if (streaming.length === 0) return [];
  const numeric = (title: string) => ({ title, numeric: true });
  const time = (streams: StreamStats, [, of, key]: (typeof TIMES)[number]): string =>
    escapeMarkdown(`${percentileMark(streams[of], key)}${formatNumber(streams[of].percentiles[key])}`);
  const remarks = streamRemarks(result);
  const hidden = streaming.length - MOST_ROWS;
  return [
    '#### Streams',
    '',
    markdownTable(
      [
        { title: 'operation' },
        numeric('streams'),
        ...TIMES.map(([title]) => numeric(title)),
        numeric('tokens/s'),
        numeric('good'),
      ],
      streaming
        .slice(0, MOST_ROWS)
        .map(([{ operation }, streams]) => [
          escapeMarkdown(shortened(operation, LONGEST_TEXT)),
          formatCount(streams.streams),
          ...TIMES.map((each) => time(streams, each)),
          tokenRate(streams),
          escapeMarkdown(streams.goodput === undefined ? '–' : formatShare(streams.goodput.share)),
        ]),
    ),
    '',
    `ms; first and last token from the intended start.${hidden > 0 ? ` ${formatCount(hidden)} more operations are in the report.` : ''}`,
    '',
    ...(remarks.length === 0
      ? []
      : [...remarks.map((remark) => `- ${escapeMarkdown(shortened(remark, LONGEST_TEXT))}`), '']),
  ];
}
