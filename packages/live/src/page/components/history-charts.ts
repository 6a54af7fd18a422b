import type { Point, PromiseRow } from '../../api/run-schema.ts';
import type { Limit, TimePanel } from '@jarvis-load/charts';

/** Times of the points: the middle of what they cover would suggest a precision that they lack, so their end. */
export function secondsOf(points: readonly Point[]): number[] {
  return points.map(({ atMs, durationMs }) => (atMs + durationMs) / 1000);
}

function perSecond({ durationMs }: Point, count: number): number {
  return count / (Math.max(durationMs, 1) / 1000);
}

const failed = ({ requests, outcomes }: Point): number => requests - (outcomes['ok'] ?? 0);

/** Requests per second of a point. */
export const rateOf = (point: Point): number => perSecond(point, point.requests);

/** Share of failed requests; null without requests. */
export const failedShareOf = (point: Point): number | null =>
  point.requests === 0 ? null : failed(point) / point.requests;

/** Limits of thresholds on all response times, as lines of the latency chart. */
function latencyLimits(promises: readonly PromiseRow[]): Limit[] {
  return promises
    .filter(
      ({ kind, unit, label }) =>
        kind === 'threshold' && unit === 'ms' && label.startsWith('http_req_duration p'),
    )
    .map(({ label, limit }) => ({ label: label.replace('http_req_duration ', ''), value: limit }))
    .slice(0, 3);
}

/** Quantiles, requests and users over one time axis. */
export function mainPanels(points: readonly Point[], promises: readonly PromiseRow[]): readonly TimePanel[] {
  return [
    {
      title: 'Response time, ms',
      height: 180,
      kind: 'lines',
      limits: latencyLimits(promises),
      series: [
        { name: 'p95', hue: 'p95', values: points.map(({ p95Ms }) => p95Ms) },
        { name: 'p50', hue: 'p50', stroke: 'dashed', values: points.map(({ p50Ms }) => p50Ms) },
        { name: 'p99', hue: 'p99', stroke: 'dotted', values: points.map(({ p99Ms }) => p99Ms) },
      ],
    },
    {
      title: 'Requests/s',
      height: 110,
      kind: 'areas',
      series: [
        {
          name: 'succeeded/s',
          hue: 'ok',
          values: points.map((point) => perSecond(point, point.outcomes['ok'] ?? 0)),
        },
        {
          name: 'failed/s',
          hue: 'server-error',
          stroke: 'dashed',
          values: points.map((point) => perSecond(point, failed(point))),
        },
      ],
    },
    {
      title: 'Users',
      height: 70,
      kind: 'steps',
      series: [
        { name: 'users', hue: 'users', values: points.map(({ users }) => users) },
        {
          name: 'wanted users',
          hue: 'target',
          stroke: 'dashed',
          values: points.map(({ targetUsers }) => targetUsers),
        },
      ],
    },
  ];
}
