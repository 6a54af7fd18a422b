import type { FurtherMetric, Metric } from '@jarvis-load/compare';
import {
  formatBytes,
  formatCount,
  formatLatency,
  formatNumber,
  formatShare,
  type LatencyStats,
  type OperationStats,
  type PercentileValues,
  type RunResult,
} from '@jarvis-load/engine/result';
import { Arrows } from '../../comparison/arrow.ts';
import { percentileDoubts } from '../../view/percentile-mark.ts';
import type { HtmlCell, HtmlRow, HtmlTable } from '../table-model.ts';

const SHOWN = ['p50', 'p95', 'p99', 'p99.9'] as const satisfies (keyof PercentileValues)[];

/** Whether optional columns are shown. */
interface Shown {
  readonly several: boolean;
  readonly refused: boolean;
  readonly interrupted: boolean;
  readonly arrows: Arrows;
}

/** The operations table: counts, rates, shares, response times. */
export function operationsTable(result: RunResult, arrows: Arrows = new Arrows(undefined)): HtmlTable {
  const refused = result.totals.outcomes.rate_limited > 0;
  const interrupted = result.totals.interrupted > 0;
  const several = new Set(result.operations.map(({ scenario }) => scenario)).size > 1;
  const shown = { several, refused, interrupted, arrows };
  const numeric = (title: string) => ({ title, numeric: true });
  return {
    caption: 'Operations: counts, rates and response times in milliseconds',
    sortable: true,
    columns: [
      { title: 'Operation' },
      ...(several ? [{ title: 'Scenario' }] : []),
      numeric('Count'),
      numeric('Req/s'),
      numeric('Failed'),
      ...(refused ? [numeric('429')] : []),
      numeric('Retried'),
      ...(interrupted ? [numeric('Interrupted')] : []),
      numeric('Mean ms'),
      ...SHOWN.map((name) => numeric(`${name} ms`)),
      numeric('Max ms'),
      numeric('Body'),
    ],
    rows: [
      ...result.operations.map((stats) =>
        row(stats, { text: stats.operation, sub: `${stats.method} ${stats.route}`, code: true }, shown),
      ),
      ...(result.operations.length > 1
        ? [{ ...row(result.totals, { text: 'All operations' }, shown), total: true }]
        : []),
    ],
  };
}

function row(stats: OperationStats, heading: HtmlCell, shown: Shown): HtmlRow {
  const { rate_limited: rateLimited } = stats.outcomes;
  const compared = (cell: HtmlCell, metric: Metric | FurtherMetric): HtmlCell => {
    const arrow = shown.arrows.of(stats.scenario, stats.operation, metric);
    return arrow === undefined ? cell : { ...cell, arrow };
  };
  return {
    cells: [
      heading,
      ...(shown.several ? [{ text: heading.code === true ? stats.scenario : '' }] : []),
      { text: formatCount(stats.requests), sort: stats.requests },
      compared({ text: formatNumber(stats.requestsPerSecond), sort: stats.requestsPerSecond }, 'throughput'),
      compared(shareCell(stats.failureShare, stats.failed > 0 ? 'fail' : 'muted'), 'errors'),
      ...(shown.refused ? [shareCell(stats.rateLimitedShare, rateLimited > 0 ? 'warn' : 'muted')] : []),
      { text: formatCount(stats.retries), sort: stats.retries ?? -1 },
      ...(shown.interrupted ? [interruptedCell(stats)] : []),
      compared(latencyCell(stats.responseTime.meanMs), 'mean'),
      ...SHOWN.map((key) => compared(percentileCell(stats.responseTime, key), key)),
      compared(latencyCell(stats.responseTime.maxMs), 'max'),
      { text: formatBytes(stats.meanBodyBytes), sort: stats.meanBodyBytes ?? -1 },
    ],
  };
}

function shareCell(share: number | null, tone: 'fail' | 'warn' | 'muted'): HtmlCell {
  return { text: formatShare(share), sort: share ?? -1, tone };
}

function interruptedCell({ interrupted, interruptedAgeMs }: OperationStats): HtmlCell {
  return {
    text: formatCount(interrupted),
    sort: interrupted,
    ...(interruptedAgeMs === null ? {} : { sub: `after up to ${formatLatency(interruptedAgeMs.max)}` }),
  };
}

/** A latency in milliseconds without its unit. */
export function latencyCell(ms: number | null): HtmlCell {
  return { text: formatNumber(ms), sort: ms ?? -1 };
}

/** A percentile in milliseconds without its unit; says when it is a lower bound or has few samples. */
export function percentileCell(stats: LatencyStats, key: keyof PercentileValues): HtmlCell {
  const { few, bound } = percentileDoubts(stats, key);
  return {
    ...latencyCell(stats.percentiles[key]),
    ...(few ? { few } : {}),
    ...(bound ? { sub: 'at least' } : {}),
  };
}
