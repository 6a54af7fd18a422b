import { formatLatency, formatNumber, trimZeros, type RunResult } from '@jarvis-load/engine/result';
import { formatElapsed } from '../format/time.ts';
import { median, type Finding } from './finding.ts';
import { countOf, loadEvidence, loadKind, loadOverTime, type LoadAt } from './load-over-time.ts';

/** Least intervals at a level of load for a median of them. */
const LEAST_INTERVALS = 3;
/** At the highest load, each unit of load has at most this share of the requests it has at a lower load. */
const LEAST_LOST = 0.8;
/** At the limit, answers take at least so many times as long as before. */
const SLOWER = 1.5;
/** Throughput within this share of the plateau has reached it. */
const REACHED = 0.93;
/** An open model that answers less than this share of what it is asked for builds a backlog. */
const KEEPS_UP = 0.93;

type Known = LoadAt & { readonly load: number };

/** Load rose, throughput did not, response times did: the capacity of the target, and where it was reached. */
export function capacity(result: RunResult): Finding[] {
  // The first and the last interval are parts of a ramp or of the drain.
  const steady = loadOverTime(result)
    .slice(1, -1)
    .filter((each): each is Known => each.load !== null && each.load > 0);
  return overload(result, steady) ?? plateau(result, steady) ?? [];
}

/** Fewer requests are answered than are due: only an open model shows this directly. */
function overload(result: RunResult, steady: readonly Known[]): Finding[] | undefined {
  if (loadKind(result) !== 'rate') return undefined;
  const behind = steady.filter(({ load, throughput }) => throughput < load * KEEPS_UP);
  const firstBehind = behind[0];
  if (firstBehind === undefined) return undefined;
  const after = steady.filter(
    ({ index, load }) => index >= firstBehind.index && load > firstBehind.load * 0.5,
  );
  if (behind.length < LEAST_INTERVALS || behind.length < after.length * 0.6) return undefined;
  const answered = median(after.map(({ throughput }) => throughput)) ?? 0;
  const asked = Math.max(...behind.map(({ load }) => load));
  const slow = growth(result, steady[0] ?? firstBehind, after);
  // A stall is over after a while: the target then answers more than it is asked for.
  if (slow === undefined || after.some(({ load, throughput }) => throughput > load * 1.15)) return undefined;
  return [
    {
      code: 'capacity',
      text: `The target reached its capacity at about ${trimZeros(formatNumber(answered))} requests/s, from ${formatElapsed(firstBehind.atMs)} on: up to ${trimZeros(formatNumber(asked))}/s were asked for, and p95 rose from ${formatLatency(slow.before)} to ${formatLatency(slow.after)}.`,
      evidence: [
        ...loadEvidence(result, firstBehind.index),
        ...behind.slice(0, 5).map(({ index }) => requestsAt(result, index)),
        ...slow.evidence,
      ],
    },
  ];
}

/** The load rises, in users or requests asked for, and throughput does not. */
function plateau(result: RunResult, steady: readonly Known[]): Finding[] | undefined {
  const most = Math.max(0, ...steady.map(({ load }) => load));
  const high = steady.filter(({ load }) => load >= most * 0.9);
  const low = steady.filter(({ load }) => load >= most * 0.1 && load <= most * 0.5);
  if (high.length < LEAST_INTERVALS || low.length < LEAST_INTERVALS) return undefined;
  const perLoad = (each: Known): number => each.throughput / each.load;
  const before = median(low.map(perLoad)) ?? 0;
  const after = median(high.map(perLoad)) ?? 0;
  const top = median(high.map(({ throughput }) => throughput)) ?? 0;
  const lowest = low[0];
  if (before === 0 || after > before * LEAST_LOST || lowest === undefined) return undefined;
  const knee = steady.find(({ throughput }) => throughput >= top * REACHED);
  // Throughput that still follows load at its highest level has not reached a limit.
  if (knee === undefined || knee.load > most * 0.85) return undefined;
  const slow = growth(result, lowest, high);
  if (slow === undefined) return undefined;
  const load =
    loadKind(result) === 'users' ? countOf(knee.load, 'user') : `${trimZeros(formatNumber(knee.load))}/s`;
  const highest = loadKind(result) === 'users' ? countOf(most, 'user') : `${trimZeros(formatNumber(most))}/s`;
  return [
    {
      code: 'capacity',
      text: `The target reached its capacity at about ${trimZeros(formatNumber(top))} requests/s, with ${load} at ${formatElapsed(knee.atMs)}: up to ${highest}, more load only made answers slower, p95 ${formatLatency(slow.before)} at first and ${formatLatency(slow.after)} at the highest load.`,
      evidence: [
        requestsAt(result, knee.index),
        ...loadEvidence(result, knee.index),
        ...slow.evidence,
        ...high.slice(0, 3).map(({ index }) => requestsAt(result, index)),
      ],
    },
  ];
}

function growth(result: RunResult, first: LoadAt, later: readonly LoadAt[]) {
  const at = (index: number) => result.series.points[index]?.responseTime.percentiles.p95 ?? null;
  const before = at(first.index);
  const values = later.flatMap(({ index }) => {
    const value = at(index);
    return value === null ? [] : [{ index, value }];
  });
  const highest = values.toSorted((a, b) => a.value - b.value).at(Math.floor(values.length / 2));
  if (before === null || highest === undefined || highest.value < before * SLOWER) return undefined;
  const pointer = (index: number) => `/series/points/${index}/responseTime/percentiles/p95`;
  return {
    before,
    after: highest.value,
    evidence: [
      { pointer: pointer(first.index), value: before },
      { pointer: pointer(highest.index), value: highest.value },
    ],
  };
}

function requestsAt(result: RunResult, index: number) {
  return { pointer: `/series/points/${index}/requests`, value: result.series.points[index]?.requests ?? 0 };
}
