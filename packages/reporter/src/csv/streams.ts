import type { RunResult } from '@jarvis-load/engine/result';
import { streamsOf } from '../view/streams.ts';
import { csvTable, type CsvRow } from './csv-table.ts';

const TIMES = [
  ['TTFT', 'ttft'],
  ['TTFT From Send', 'ttftSent'],
  ['TTFO', 'ttfo'],
  ['TTLT', 'ttlt'],
  ['TPOT', 'tpot'],
  ['Gap', 'gap'],
  ['Longest Gap', 'longestGap'],
] as const;
const PERCENTILES = ['p50', 'p95', 'p99', 'p99.9'] as const;

const HEADER = [
  'Scenario',
  'Name',
  'Method',
  'Streams',
  'Events',
  'Parts',
  'Tokens',
  'Input Tokens',
  'Tokens From',
  'Tokens/s',
  ...TIMES.flatMap(([title]) => [
    `${title} Count`,
    ...PERCENTILES.map((key) => `${title} ${key.slice(1)}%`),
    `${title} Max`,
  ]),
  'Good',
  'Planned',
  'Good Share',
  'Good Share Low 95%',
  'Good Share High 95%',
  'Good/s',
];

/**
 * Streamed responses, a row per operation; undefined without any. Times in milliseconds: TTFT, TTFO and TTLT from the intended start;
 * `N/A`: not measured.
 */
export function renderStreamsCsv(result: RunResult): string | undefined {
  const rows = streamsOf(result);
  if (rows.length === 0) return undefined;
  return csvTable(
    HEADER,
    rows.map(([{ scenario, operation, method }, streams]): CsvRow => {
      const { goodput } = streams;
      return [
        scenario,
        operation,
        method,
        streams.streams,
        streams.events,
        streams.parts,
        streams.tokens,
        streams.inputTokens ?? 'N/A',
        streams.tokensFrom,
        streams.tokensPerSecond,
        ...TIMES.flatMap(([, time]) => {
          const { count, percentiles, maxMs } = streams[time];
          return [count, ...PERCENTILES.map((key) => percentiles[key] ?? 'N/A'), maxMs ?? 'N/A'];
        }),
        ...(goodput === undefined
          ? Array.from({ length: 6 }, () => 'N/A')
          : [goodput.good, goodput.planned, goodput.share, goodput.low, goodput.high, goodput.perSecond]),
      ];
    }),
  );
}
