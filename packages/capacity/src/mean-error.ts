import type { RunResult } from '@jarvis-load/engine/result';

/** Parts of a run whose means are compared. */
const PARTS = 10;

/**
 * Standard error of the mean response time, as a share of it: by the means of ten parts of the planned length (batch means).
 * Answers that wait for each other are not independent, and near its capacity a queue forgets slowly: then the parts differ
 * by more than their numbers of samples would explain.
 *
 * @returns undefined where a part has no sample
 */
export function meanError({ series, run }: Pick<RunResult, 'series' | 'run'>): number | undefined {
  const endMs = run.plannedDurationMs ?? run.durationMs;
  const points = series.points.filter(({ atMs }) => atMs < endMs);
  const means: number[] = [];
  let before = { requests: 0, sumMs: 0 };
  for (let part = 1; part <= PARTS; part++) {
    const last = points[Math.floor((part * points.length) / PARTS) - 1];
    if (last === undefined) return undefined;
    const { requests, meanMs } = last.cumulative;
    const upTo = { requests, sumMs: requests * (meanMs ?? 0) };
    if (requests === before.requests) return undefined;
    means.push((upTo.sumMs - before.sumMs) / (requests - before.requests));
    before = upTo;
  }
  const mean = means.reduce((sum, each) => sum + each, 0) / PARTS;
  const variance = means.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (PARTS - 1);
  return mean === 0 ? undefined : Math.sqrt(variance / PARTS) / mean;
}
