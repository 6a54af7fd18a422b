import type { IntervalEvent, SteeringEvent } from '@jarvis-load/engine';

/** `1:02`; with hours only if there are any. */
function clock(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A short form of a latency: `0.42`, `7.3`, `431`, `12.3s`. */
function shortMs(valueMs: number | null): string {
  if (valueMs === null) return '-';
  if (valueMs >= 10_000) return `${(valueMs / 1000).toFixed(1)}s`;
  if (valueMs >= 100) return valueMs.toFixed(0);
  return valueMs >= 1 ? valueMs.toFixed(1) : valueMs.toFixed(2);
}

function percent(part: number, whole: number): string {
  if (whole === 0) return '-';
  const share = (part / whole) * 100;
  return `${share > 0 && share < 0.1 ? '<0.1' : share.toFixed(1)}%`;
}

/** The last seconds of a run, merged from its one-second events. */
export interface ProgressWindow {
  readonly last: IntervalEvent;
  readonly seconds: number;
  readonly requests: number;
  readonly failed: number;
  readonly rateLimited: number;
}

/** Merges events to a window; its percentiles are those of the last second. */
export function joinEvents(events: readonly IntervalEvent[]): ProgressWindow | undefined {
  const last = events.at(-1);
  if (last === undefined) return undefined;
  let [seconds, requests, failed, rateLimited] = [0, 0, 0, 0];
  for (const event of events) {
    seconds += (event.endMs - event.startMs) / 1000;
    requests += event.requests;
    failed += event.failed;
    rateLimited += event.outcomes.rate_limited;
  }
  return { last, seconds, requests, failed, rateLimited };
}

/** Parts of a progress line, most important first, because a narrow terminal cuts the end. */
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
    `p50 ${shortMs(p50Ms)}`,
    `p95 ${shortMs(p95Ms)}`,
    `p99 ${shortMs(p99Ms)} ms`,
    ...(last.dropped > 0 ? [`dropped ${last.dropped}`] : []),
    ...(last.health.eventLoopUtilization > 0.9 ? ['generator busy'] : []),
    ...((last.health.waitShare ?? 0) > 0.25
      ? [`machine busy ${percent(last.health.waitShare ?? 0, 1)}`]
      : []),
    ...stage,
  ];
}

/** As many complete parts as fit into the width. */
export function fitLine(pieces: readonly string[], width: number): string {
  let line = '';
  for (const piece of pieces) {
    const next = line === '' ? piece : `${line}  ${piece}`;
    if (next.length > width) break;
    line = next;
  }
  return line;
}

/** A change of users or rate while the run is on. */
export function steeringText({ atMs, scenario, users, perSecond, rate }: SteeringEvent): string {
  const ramp = perSecond === undefined ? '' : `, ${perSecond}/s`;
  const what = users === undefined ? `rate ${rate ?? 0}` : `${users} users${ramp}`;
  return `${clock(atMs)} ${scenario}: ${what}`;
}
