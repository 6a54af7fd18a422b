import type { IntervalEvent, SteeringEvent } from '@jarvis-load/engine';
import { formatNumber, formatShare } from '@jarvis-load/engine/format';
import { clock, percent } from './short-text.ts';

/** The last seconds of a run, merged from its one-second events: its counts are sums over them. */
export interface ProgressWindow {
  /** Of the last second: its counts and percentiles are of that second alone, those of its `total` of the run so far. */
  readonly last: IntervalEvent;
  readonly seconds: number;
  readonly requests: number;
  readonly failed: number;
  readonly rateLimited: number;
  readonly dropped: number;
}

/** Merges events to a window. */
export function joinEvents(events: readonly IntervalEvent[]): ProgressWindow | undefined {
  const last = events.at(-1);
  if (last === undefined) return undefined;
  let [seconds, requests, failed, rateLimited, dropped] = [0, 0, 0, 0, 0];
  for (const event of events) {
    seconds += (event.endMs - event.startMs) / 1000;
    requests += event.requests;
    failed += event.failed;
    rateLimited += event.outcomes.rate_limited;
    dropped += event.dropped;
  }
  return { last, seconds, requests, failed, rateLimited, dropped };
}

/** Parts of a progress line: counts and rates of the window, percentiles of the run so far, users and health of the last second. */
export function progressPieces(window: ProgressWindow): readonly string[] {
  const { last } = window;
  const { progress } = last;
  const stage =
    progress.stage === undefined
      ? []
      : [
          `stage ${progress.stage.index}/${progress.stage.count} ${progress.stage.label}, ${clock(progress.stage.leftMs)} left`,
        ];
  const { p50Ms, p95Ms, p99Ms } = last.total.response;
  return [
    `${clock(progress.elapsedMs)}${(progress.plannedMs ?? 0) > 0 ? `/${clock(progress.plannedMs ?? 0)}` : ''}`,
    ...(last.paused ? ['PAUSED'] : []),
    `users ${last.users}/${last.targetUsers}`,
    `${window.seconds > 0 ? (window.requests / window.seconds).toFixed(1) : '0'} req/s`,
    `failed ${percent(window.failed, window.requests)}`,
    ...(last.total.outcomes.rate_limited > 0 ? [`429 ${percent(window.rateLimited, window.requests)}`] : []),
    `p50 ${formatNumber(p50Ms)}`,
    `p95 ${formatNumber(p95Ms)}`,
    `p99 ${formatNumber(p99Ms)} ms`,
    ...(window.dropped > 0 ? [`dropped ${window.dropped}`] : []),
    ...(last.health.eventLoopUtilization > 0.9 ? ['generator busy'] : []),
    ...((last.health.waitShare ?? 0) > 0.25 ? [`machine busy ${formatShare(last.health.waitShare)}`] : []),
    ...stage,
  ];
}

/** A change of users or rate while the run is on. */
export function steeringText({ atMs, scenario, users, perSecond, rate }: SteeringEvent): string {
  const ramp = perSecond === undefined ? '' : `, ${perSecond}/s`;
  const what = users === undefined ? `rate ${rate ?? 0}` : `${users} users${ramp}`;
  return `${clock(atMs)} ${scenario}: ${what}`;
}
