import { formatCount, formatNumber, trimZeros, type RunResult } from '@jarvis-load/engine/result';
import type { Evidence } from './finding.ts';

/** What was asked of the target in one interval of the series. */
export interface LoadAt {
  readonly index: number;
  readonly atMs: number;
  readonly durationMs: number;
  /** Users, or requests per second that the schedule wanted; null: not known. */
  readonly load: number | null;
  /** Completed requests per second. */
  readonly throughput: number;
}

/** How the load of a run is measured: in requests per second where a scenario has an open model, else in users. */
export function loadKind(result: RunResult): 'users' | 'rate' {
  return result.scenarios.some(({ model }) => model === 'open') ? 'rate' : 'users';
}

/** Load and throughput of each interval. */
export function loadOverTime(result: RunResult): LoadAt[] {
  const kind = loadKind(result);
  const { points, byIntendedStart, binMs } = result.series;
  const wanted = new Map(byIntendedStart.map(({ atMs, count }) => [Math.round(atMs / binMs), count]));
  return points.map(({ atMs, durationMs, users, requests }, index) => ({
    index,
    atMs,
    durationMs,
    load: kind === 'users' ? users : ((wanted.get(Math.round(atMs / binMs)) ?? 0) * 1000) / binMs,
    throughput: durationMs > 0 ? (requests * 1000) / durationMs : 0,
  }));
}

/** `at 62 users`, or `at 45 requests/s`; empty where it is not known. */
export function loadPhrase(result: RunResult, index: number): string {
  const { users } = result.series.points[index] ?? { users: null };
  if (loadKind(result) === 'users') return users === null ? '' : `at ${countOf(users, 'user')}`;
  const load = loadOverTime(result)[index]?.load;
  return load === null || load === undefined || load === 0
    ? ''
    : `at ${trimZeros(formatNumber(load))} requests/s`;
}

/** Number and noun: `1 user`, `62 users`. */
export function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Evidence for {@link loadPhrase}. */
export function loadEvidence(result: RunResult, index: number): Evidence[] {
  const users = result.series.points[index]?.users ?? null;
  if (loadKind(result) === 'users')
    return users === null ? [] : [{ pointer: `/series/points/${index}/users`, value: users }];
  const { byIntendedStart, points, binMs } = result.series;
  const bin = Math.round((points[index]?.atMs ?? 0) / binMs);
  const found = byIntendedStart.findIndex(({ atMs }) => Math.round(atMs / binMs) === bin);
  const count = byIntendedStart[found]?.count;
  return count === undefined ? [] : [{ pointer: `/series/byIntendedStart/${found}/count`, value: count }];
}
