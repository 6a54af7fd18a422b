import type { Band, Limit, TimePanel, TimeSeries } from '@jarvis-load/charts';
import type { Point, PromiseRow } from '../../api/run-schema.ts';
import { failedOf } from '../failed-of.ts';

/** Each point is drawn at the end of the time that it covers. */
export function secondsOf(points: readonly Point[]): number[] {
  return points.map(({ atMs, durationMs }) => (atMs + durationMs) / 1000);
}

function perSecond({ durationMs }: Point, count: number): number {
  return count / (Math.max(durationMs, 1) / 1000);
}

/** Requests per second of a point. */
export const rateOf = (point: Point): number => perSecond(point, point.requests);

/** Share of failed requests; null without requests. */
export const failedShareOf = (point: Point): number | null =>
  point.requests === 0 ? null : failedOf(point) / point.requests;

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

/** The stages of the run; those of an earlier run that is drawn beside it where this one has none. */
export function bandsBeside(points: readonly Point[], earlier: readonly Point[] = []): Band[] {
  const own = bandsOf(points);
  if (own.length > 0) return own;
  return bandsOf(earlier).map((band) => ({ ...band, label: `earlier: ${band.label}` }));
}

/** Stages of the plan: neighbours with the same stage are one band. */
function bandsOf(points: readonly Point[]): Band[] {
  const bands: Band[] = [];
  for (const { atMs, durationMs, stage } of points) {
    const [fromSeconds, toSeconds] = [atMs / 1000, (atMs + durationMs) / 1000];
    const last = bands.at(-1);
    if (stage === null) continue;
    if (last?.label === stage && last.toSeconds >= fromSeconds - 2)
      bands[bands.length - 1] = { ...last, toSeconds };
    else bands.push({ fromSeconds, toSeconds, label: stage });
  }
  return bands;
}

/** Values of an earlier run at the times of this one; null where it had ended. */
function valuesAt(
  earlier: readonly Point[],
  atSeconds: readonly number[],
  read: (point: Point) => number | null,
): (number | null)[] {
  const ends = secondsOf(earlier);
  return atSeconds.map((at) => {
    const index = ends.findIndex((end) => end >= at - 0.5);
    const point = earlier[index];
    return point === undefined ? null : read(point);
  });
}

/**
 * Quantiles, requests and users over one time axis.
 * @param earlier the course of an earlier run, drawn beside this one; empty: none
 */
export function mainPanels(
  points: readonly Point[],
  promises: readonly PromiseRow[],
  earlier: readonly Point[] = [],
): readonly TimePanel[] {
  const atSeconds = secondsOf(points);
  const beside = (name: string, read: (point: Point) => number | null): TimeSeries[] =>
    earlier.length === 0
      ? []
      : [{ name: `${name}, earlier run`, hue: 'target', values: valuesAt(earlier, atSeconds, read) }];
  const traffic: TimePanel =
    earlier.length === 0
      ? {
          title: 'Requests/s',
          height: 110,
          kind: 'areas',
          series: [
            {
              name: 'succeeded/s',
              hue: 'ok',
              values: points.map((point) => perSecond(point, point.requests - failedOf(point))),
            },
            {
              name: 'failed/s',
              hue: 'server-error',
              stroke: 'dashed',
              values: points.map((point) => perSecond(point, failedOf(point))),
            },
          ],
        }
      : {
          title: 'Requests/s',
          height: 110,
          kind: 'lines',
          series: [
            { name: 'requests/s', hue: 'ok', values: points.map(rateOf) },
            ...beside('requests/s', rateOf),
          ],
        };
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
        ...beside('p95', ({ p95Ms }) => p95Ms),
      ],
    },
    traffic,
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
        ...beside('users', ({ users }) => users),
      ],
    },
  ];
}
