import {
  formatCount,
  formatNumber,
  formatShare,
  type OperationStats,
  type RunResult,
} from '@jarvis-load/engine/result';
import { escapeTerminal } from '../escape/terminal.ts';
import { percentileMark } from '../view/percentile-mark.ts';
import { streamRemarks, streamsOf, tokenRate, type StreamStats } from '../view/streams.ts';
import { footnotes, section, type TextContext } from './context.ts';
import { textTable, type TextCell, type TextColumn } from './text-table.ts';

const COLUMNS: readonly TextColumn[] = [
  { title: '', align: 'left', shrinkTo: 14 },
  { title: 'streams', align: 'right' },
  { title: 'TTFT p50', align: 'right', shed: 2 },
  { title: 'p95', align: 'right' },
  { title: 'p99', align: 'right', shed: 1 },
  { title: 'TTLT p95', align: 'right', shed: 3 },
  { title: 'gap p99', align: 'right', shed: 4 },
  { title: 'longest p99', align: 'right', shed: 5 },
  { title: 'tokens/s', align: 'right', shed: 6 },
  { title: 'good', align: 'right' },
];

/** Streamed responses: first and last token, gaps, tokens, goodput. */
export function streamsSection(result: RunResult, context: TextContext): string[] {
  const streaming = streamsOf(result);
  const rows = streaming.map(([stats, streams]) => row(stats, streams));
  return section(
    context,
    'STREAMS',
    [
      ...(rows.length === 0 ? [] : textTable(context, COLUMNS, rows)),
      ...footnotes(context, streamRemarks(result).map(escapeTerminal)),
    ],
    'ms; first and last token from the intended start',
  );
}

function row(stats: OperationStats, streams: StreamStats): readonly (string | TextCell)[] {
  const latency = (of: 'ttft' | 'ttlt' | 'gap' | 'longestGap', key: 'p50' | 'p95' | 'p99'): TextCell => {
    const mark = percentileMark(streams[of], key);
    return {
      text: `${mark}${formatNumber(streams[of].percentiles[key])}`,
      styles: mark === '' ? [] : ['dim'],
    };
  };
  return [
    { text: escapeTerminal(stats.operation) },
    formatCount(streams.streams),
    latency('ttft', 'p50'),
    latency('ttft', 'p95'),
    latency('ttft', 'p99'),
    latency('ttlt', 'p95'),
    latency('gap', 'p99'),
    latency('longestGap', 'p99'),
    tokenRate(streams),
    streams.goodput === undefined ? '–' : formatShare(streams.goodput.share),
  ];
}
