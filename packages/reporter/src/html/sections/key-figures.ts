import { sparkline, toMarkup, type Hue } from '@jarvis-load/charts';
import {
  formatBytes,
  formatCount,
  formatLatency,
  formatNumber,
  formatShare,
  type RunResult,
} from '@jarvis-load/engine/result';
import type { Arrow, Arrows } from '../../comparison/arrow.ts';
import { percentileDoubts } from '../../view/percentile-mark.ts';
import { areFailuresUnknown } from '../../view/sentences.ts';
import type { Tone } from '../table-model.ts';

/** One key figure. */
export interface Figure {
  readonly label: string;
  readonly value: string;
  readonly sub: string;
  readonly tone?: Tone;
  /** How it differs from a baseline: of response times that of good answers, while `value` is of all outcomes. */
  readonly arrow?: Arrow | undefined;
  /** SVG: how it went over the run; empty where that is not known. */
  readonly spark: string;
}

/** The six main numbers of the run, each with a small chart of its course. */
export function keyFigures(result: RunResult, arrows: Arrows): Figure[] {
  const { totals, series } = result;
  const { points, byIntendedStart } = series;
  const mostUsers = Math.max(
    -1,
    ...points.map(({ users }) => users ?? -1),
    ...result.scenarios.map(({ maxUsers }) => maxUsers ?? -1),
  );
  const refused = totals.outcomes.rate_limited;
  return [
    {
      label: 'Requests/s',
      value: formatNumber(totals.requestsPerSecond),
      sub: `${formatCount(totals.requests)} requests`,
      arrow: arrows.of('*', '*', 'throughput'),
      spark: spark(
        points.map(({ requests, durationMs }) => (durationMs > 0 ? requests / durationMs : null)),
        'ok',
      ),
    },
    {
      label: 'Failed',
      value: areFailuresUnknown(totals) ? 'not known' : formatShare(totals.failureShare),
      sub: areFailuresUnknown(totals)
        ? 'the summary of k6 does not say'
        : `${formatCount(totals.failed)} requests${refused > 0 ? `, ${formatCount(refused)} rate limited (429)` : ''}`,
      ...(totals.failed > 0 ? { tone: 'fail' as const } : {}),
      arrow: arrows.of('*', '*', 'errors'),
      spark: spark(
        points.map(({ requests, failed }) => (requests > 0 ? failed / requests : null)),
        'server-error',
      ),
    },
    ...(['p50', 'p95', 'p99'] as const).map((key) => ({
      label: `Response time ${key}`,
      value: formatLatency(totals.responseTime.percentiles[key]),
      sub: `${doubts(percentileDoubts(totals.responseTime, key))}service time ${formatLatency(totals.serviceTime.percentiles[key])}`,
      arrow: arrows.of('*', '*', key),
      spark: spark(
        byIntendedStart.map((point) => point[`${key}Ms`]),
        key,
      ),
    })),
    {
      label: 'Users, at most',
      value: mostUsers < 0 ? 'not known' : formatCount(mostUsers),
      sub: `${formatCount(result.iterations.completed)} of ${formatCount(result.iterations.planned)} iterations`,
      spark: spark(
        points.map(({ users }) => users),
        'users',
      ),
    },
  ];
}

/** What the key figures leave out, in a line. */
export function furtherFigures({ totals }: RunResult): string {
  return [
    `received ${formatBytes(totals.bytesReceived)}, sent ${formatBytes(totals.bytesSent)}`,
    ...(totals.retries !== null && totals.retries > 0
      ? [`${formatCount(totals.retries)} requests sent again, unread by the server`]
      : []),
    ...(totals.interrupted > 0 ? [`${formatCount(totals.interrupted)} cut off by the end`] : []),
  ].join(' · ');
}

function spark(values: readonly (number | null)[], hue: Hue): string {
  return values.some((value) => value !== null) ? toMarkup(sparkline(values, hue)) : '';
}

function doubts({ few, bound }: { readonly few: boolean; readonly bound: boolean }): string {
  return `${bound ? 'at least; ' : ''}${few ? 'few samples; ' : ''}`;
}
