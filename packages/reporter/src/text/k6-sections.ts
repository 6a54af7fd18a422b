import {
  formatCount,
  formatNumber,
  formatShare,
  type LatencyStats,
  type OperationStats,
  type RunResult,
} from '@jarvis-load/engine/result';
import { escapeTerminal } from '../escape/terminal.ts';
import { section, type TextContext } from './context.ts';
import { metricsSections, TREND_COLUMNS } from './metrics-section.ts';
import { textTable, type TextRow } from './text-table.ts';

/** `--summary=k6`: operations and metrics with the columns and names that k6 prints. */
export function k6Sections(result: RunResult, context: TextContext): string[] {
  const { operations, totals, metrics } = result;
  const several = new Set(operations.map(({ scenario }) => scenario)).size > 1;
  const named = (stats: OperationStats): string =>
    escapeTerminal(several ? `${stats.scenario} ${stats.operation}` : stats.operation);
  return [
    ...section(
      context,
      'OPERATIONS',
      operations.length === 0
        ? []
        : textTable(
            context,
            [
              { title: '', align: 'left', shrinkTo: 14 },
              { title: 'count', align: 'right' },
              { title: 'rps', align: 'right', shed: 3 },
              { title: 'fail', align: 'right' },
              ...TREND_COLUMNS,
            ],
            [
              ...operations.map((stats) => operationRow(named(stats), stats)),
              ...(operations.length > 1 ? [operationRow('all', totals)] : []),
            ],
          ),
      'response times in ms, all outcomes',
    ),
    ...metricsSections(metrics, context),
  ];
}

function operationRow(name: string, stats: OperationStats): TextRow {
  const { requests, requestsPerSecond, failureShare, failed, responseTime } = stats;
  return [
    name,
    formatCount(requests),
    formatNumber(requestsPerSecond),
    { text: formatShare(failureShare), styles: failed > 0 ? ['red'] : [] },
    ...trendOf(responseTime),
  ];
}

function trendOf({ meanMs, minMs, maxMs, percentiles }: LatencyStats): string[] {
  return [meanMs, minMs, percentiles.p50, maxMs, percentiles.p90, percentiles.p95].map(formatNumber);
}
