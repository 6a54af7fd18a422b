import { formatCount, formatLatency, type RunResult } from '@jarvis-load/engine/result';
import { formatDuration, formatElapsed } from '../format/time.ts';
import { median, type Finding } from './finding.ts';

/** Below this share of the usual number of answers, an interval is part of a standstill. */
const STANDSTILL = 0.1;
/** A rarer request can be missing for an interval by chance. */
const LEAST_USUAL = 5;

/** `second`, or the length of a longer interval: a long run has intervals of 2 s, 4 s ... */
function spanOf({ durationMs }: { readonly durationMs: number }): string {
  const seconds = Math.round(durationMs / 1000);
  return seconds <= 1 ? 'second' : formatDuration(seconds * 1000);
}

/** The target answered almost nothing for some intervals, and afterwards, late, what had been requested in that time. */
export function freeze(result: RunResult): Finding[] {
  const { points } = result.series;
  const usual = median(points.map(({ requests }) => requests)) ?? 0;
  if (usual < LEAST_USUAL) return [];
  // At the edges, the load itself starts and ends.
  const still = points.map(
    ({ requests, users }, index) =>
      index > 0 && index < points.length - 2 && requests <= usual * STANDSTILL && users !== 0,
  );
  const from = still.indexOf(true);
  if (from < 0) return [];
  const resumed = still.indexOf(false, from);
  const after = points[resumed];
  const first = points[from];
  if (after === undefined || first === undefined) return [];
  const lengthMs = after.atMs - first.atMs;
  // Requests sent meanwhile took about as long as the standstill; without them, there was no load.
  const slowest = Math.max(after.responseTime.maxMs ?? 0, points[resumed + 1]?.responseTime.maxMs ?? 0);
  if (slowest < lengthMs * 0.7) return [];
  const held = after.responseTime.maxMs === slowest ? resumed : resumed + 1;
  return [
    {
      code: 'freeze',
      text: `The target stood still from ${formatElapsed(first.atMs)} to ${formatElapsed(after.atMs)} (about ${formatDuration(Math.round(lengthMs / 1000) * 1000)}): ${formatCount(first.requests)} answers in its first ${spanOf(first)} instead of about ${formatCount(Math.round(usual))}, and requests of that time took up to ${formatLatency(slowest)}.`,
      evidence: [
        { pointer: `/series/points/${from}/requests`, value: first.requests },
        { pointer: `/series/points/${resumed}/atMs`, value: after.atMs },
        { pointer: `/series/points/${held}/responseTime/maxMs`, value: slowest },
      ],
    },
  ];
}
