import {
  formatCount,
  formatNumber,
  formatShare,
  type OperationStats,
  type PercentileValues,
  type RunResult,
} from '@jarvis-load/engine/result';
import { escapeTerminal } from '../escape/terminal.ts';
import { markSentences, percentileMark } from '../view/percentile-mark.ts';
import { footnotes, section, type TextContext } from './context.ts';
import { textTable, type TextCell, type TextColumn, type TextRow } from './text-table.ts';

const PERCENTILE_COLUMNS = ['p50', 'p95', 'p99', 'p99.9'] as const satisfies (keyof PercentileValues)[];
const COLUMNS: readonly TextColumn[] = [
  { title: '', align: 'left', shrinkTo: 14 },
  { title: 'count', align: 'right' },
  { title: 'rps', align: 'right', shed: 4 },
  { title: 'fail', align: 'right' },
  { title: '429', align: 'right', shed: 1 },
  { title: 'retried', align: 'right', shed: 1 },
  { title: 'p50', align: 'right', shed: 3 },
  { title: 'p95', align: 'right' },
  { title: 'p99', align: 'right', shed: 2 },
  { title: 'p99.9', align: 'right', shed: 6 },
  { title: 'max', align: 'right', shed: 5 },
];

/** The operations table: counts, rate, shares, response times. */
export function operationsSection(result: RunResult, context: TextContext): string[] {
  if (result.operations.length === 0) return [];
  const refused = result.totals.outcomes.rate_limited > 0;
  const retried = (result.totals.retries ?? 0) > 0;
  const shown = { refused, retried };
  const columns = COLUMNS.filter(
    ({ title }) => (refused || title !== '429') && (retried || title !== 'retried'),
  );
  const scenarios = [...new Set(result.operations.map(({ scenario }) => scenario))];
  const rows = scenarios.flatMap((scenario): TextRow[] => [
    ...(scenarios.length > 1 ? [{ heading: escapeTerminal(scenario) }] : []),
    ...result.operations
      .filter((stats) => stats.scenario === scenario)
      .map((stats) =>
        row(stats, `${scenarios.length > 1 ? '  ' : ''}${escapeTerminal(stats.operation)}`, shown),
      ),
  ]);
  const total = result.operations.length > 1 ? [row(result.totals, 'all', shown)] : [];
  return section(
    context,
    'OPERATIONS',
    [
      ...textTable(context, columns, [...rows, ...total]),
      ...footnotes(context, markSentences(result.operations, PERCENTILE_COLUMNS)),
    ],
    'response times in ms, all outcomes',
  );
}

/** Whether optional columns are shown. */
interface Shown {
  readonly refused: boolean;
  readonly retried: boolean;
}

function row(stats: OperationStats, name: string, { refused, retried }: Shown): TextRow {
  const { percentiles, maxMs } = stats.responseTime;
  const latency = (key: (typeof PERCENTILE_COLUMNS)[number]): TextCell => {
    const mark = percentileMark(stats.responseTime, key);
    return { text: `${mark}${formatNumber(percentiles[key])}`, styles: mark === '' ? [] : ['dim'] };
  };
  return [
    { text: name },
    formatCount(stats.requests),
    formatNumber(stats.requestsPerSecond),
    { text: formatShare(stats.failureShare), styles: stats.failed > 0 ? ['red'] : [] },
    ...(refused
      ? [
          {
            text: formatShare(stats.rateLimitedShare),
            styles: stats.outcomes.rate_limited > 0 ? (['yellow'] as const) : [],
          },
        ]
      : []),
    ...(retried ? [formatCount(stats.retries)] : []),
    ...PERCENTILE_COLUMNS.map(latency),
    formatNumber(maxMs),
  ];
}
