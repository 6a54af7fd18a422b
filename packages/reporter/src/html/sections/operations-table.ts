import type { OperationStats, PercentileValues, RunResult } from '@jarvis-load/engine/result';
import { formatBytes, formatCount, formatNumber, formatShare } from '../../format/number.ts';
import { LOW_SAMPLES_MARK } from '../../view/status.ts';
import type { HtmlCell, HtmlRow, HtmlTable } from '../table-model.ts';

const SHOWN = ['p50', 'p95', 'p99', 'p99.9'] as const satisfies (keyof PercentileValues)[];

/** The operations table: counts, rates, shares, response times. */
export function operationsTable(result: RunResult): HtmlTable {
  const refused = result.totals.outcomes.rate_limited > 0;
  const interrupted = result.totals.interrupted > 0;
  const numeric = (title: string) => ({ title, numeric: true });
  return {
    caption: 'Operations: counts, rates and response times in milliseconds',
    sortable: true,
    columns: [
      { title: 'Operation' },
      { title: 'Scenario' },
      numeric('Count'),
      numeric('Req/s'),
      numeric('Failed'),
      ...(refused ? [numeric('429')] : []),
      ...(interrupted ? [numeric('Cut off')] : []),
      numeric('Mean'),
      ...SHOWN.map(numeric),
      numeric('Max'),
      numeric('Body'),
    ],
    rows: [
      ...result.operations.map((stats) =>
        row(
          stats,
          { text: stats.operation, sub: `${stats.method} ${stats.route}`, code: true },
          refused,
          interrupted,
        ),
      ),
      ...(result.operations.length > 1
        ? [{ ...row(result.totals, { text: 'All operations' }, refused, interrupted), total: true }]
        : []),
    ],
  };
}

function row(stats: OperationStats, heading: HtmlCell, refused: boolean, interrupted: boolean): HtmlRow {
  const { rate_limited: rateLimited } = stats.outcomes;
  return {
    cells: [
      heading,
      { text: stats.scenario },
      { text: formatCount(stats.requests), sort: stats.requests },
      { text: formatNumber(stats.requestsPerSecond), sort: stats.requestsPerSecond },
      shareCell(stats.failureShare, stats.failed > 0 ? 'fail' : 'muted'),
      ...(refused ? [shareCell(stats.rateLimitedShare, rateLimited > 0 ? 'warn' : 'muted')] : []),
      ...(interrupted ? [{ text: formatCount(stats.interrupted), sort: stats.interrupted }] : []),
      latencyCell(stats.responseTime.meanMs),
      ...SHOWN.map((key) =>
        latencyCell(stats.responseTime.percentiles[key], stats.responseTime.lowSamples.includes(key)),
      ),
      latencyCell(stats.responseTime.maxMs),
      { text: formatBytes(stats.meanBodyBytes), sort: stats.meanBodyBytes ?? -1 },
    ],
  };
}

function shareCell(share: number | null, tone: 'fail' | 'warn' | 'muted'): HtmlCell {
  return { text: formatShare(share), sort: share ?? -1, tone };
}

/** A latency in milliseconds without its unit; marked when few samples carry it. */
export function latencyCell(ms: number | null, low = false): HtmlCell {
  const text = formatNumber(ms);
  return low && ms !== null
    ? { text: `${LOW_SAMPLES_MARK}${text}`, sort: ms, tone: 'muted' }
    : { text, sort: ms ?? -1 };
}
