import { formatLatency, type RunResult } from '@jarvis-load/engine/result';
import { goodQuantiles } from '../view/operation-quantiles.ts';
import { listing, median, type Evidence, type Finding } from './finding.ts';
import { loadEvidence, loadOverTime, loadPhrase } from './load-over-time.ts';

/** Fewer intervals of equal load show no trend. */
const LEAST_INTERVALS = 12;
/** Spearman's rank correlation of p50 with time. */
const LEAST_CORRELATION = 0.7;
/** The last third is slower than the first at least by this factor, and by `LEAST_MS`. */
const SLOWER = 1.3;
const LEAST_MS = 2;
/** Load within this share of its median counts as unchanged. */
const SAME_LOAD = 0.1;
/** Besides the worst. */
const MOST_NAMED = 3;

interface Trend {
  readonly operation: string;
  readonly first: number;
  readonly last: number;
  readonly evidence: readonly Evidence[];
}

/**
 * Operations that became slower steadily while the load stayed the same, such as with a leak or a growing table. A backlog looks
 * the same: call it only where `capacity` and `freeze` found nothing.
 */
export function drift(result: RunResult): Finding[] {
  const loads = loadOverTime(result);
  const usual = median(loads.flatMap(({ load }) => (load === null ? [] : [load])));
  if (usual === null || usual === 0) return [];
  const steady = loads.filter(({ load }) => load !== null && Math.abs(load - usual) <= usual * SAME_LOAD);
  const names = [...new Set(result.series.points.flatMap(({ operations }) => Object.keys(operations)))];
  const found = names
    .flatMap(
      (operation) =>
        trendOf(
          result,
          operation,
          steady.map(({ index }) => index),
        ) ?? [],
    )
    .toSorted((a, b) => b.last / b.first - a.last / a.first);
  const [worst] = found;
  if (worst === undefined) return [];
  const others = found.slice(1, 1 + MOST_NAMED).map(({ operation }) => operation);
  if (found.length > 1 + MOST_NAMED) others.push(`${found.length - 1 - MOST_NAMED} more`);
  const middle = steady[Math.floor(steady.length / 2)]?.index ?? 0;
  return [
    {
      code: 'drift',
      text: `${worst.operation} became slower all the time while the load stayed the same (${loadPhrase(result, middle).replace('at ', '')}): its p50 was ${formatLatency(worst.first)} in the first third and ${formatLatency(worst.last)} in the last${others.length === 0 ? '' : `; likewise ${listing(others)}`}.`,
      evidence: [...worst.evidence, ...loadEvidence(result, middle)],
    },
  ];
}

function trendOf(result: RunResult, operation: string, indices: readonly number[]): Trend | undefined {
  const values = indices.flatMap((index) => {
    const own = result.series.points[index]?.operations[operation];
    const value = own === undefined ? null : goodQuantiles(own).p50Ms;
    // Fast refusals would hide that good answers became slower.
    return value === null ? [] : [{ index, value, member: own?.ok === undefined ? 'p50Ms' : 'ok/p50Ms' }];
  });
  if (values.length < LEAST_INTERVALS) return undefined;
  const third = Math.floor(values.length / 3);
  const middleOf = (part: typeof values) =>
    part.toSorted((a, b) => a.value - b.value)[Math.floor(part.length / 2)];
  const [first, last] = [middleOf(values.slice(0, third)), middleOf(values.slice(-third))];
  if (first === undefined || last === undefined) return undefined;
  if (last.value < first.value * SLOWER || last.value - first.value < LEAST_MS) return undefined;
  const course = values.map(({ value }) => value);
  if (rankCorrelation(course) < LEAST_CORRELATION || lineError(course) > stepError(course)) return undefined;
  const evidence = [first, last].map(({ index, value, member }) => ({
    pointer: `/series/points/${index}/operations/${operation.replaceAll('~', '~0').replaceAll('/', '~1')}/${member}`,
    value,
  }));
  return { operation, first: first.value, last: last.value, evidence };
}

/** Spearman's rank correlation of values with their positions; equal values have the mean of their ranks. */
function rankCorrelation(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const ranks = values.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2);
  const middle = (values.length - 1) / 2;
  const across = ranks.reduce((sum, rank, x) => sum + (x - middle) * (rank - middle), 0);
  const along = ranks.reduce((sum, _rank, x) => sum + (x - middle) ** 2, 0);
  const between = spread(ranks);
  return between === 0 ? 0 : across / Math.sqrt(along * between);
}

/** Sum of the squared distances of values from their mean. */
function spread(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

/** Sum of the squared distances from a straight line (least squares). */
function lineError(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const across = values.reduce((sum, value, x) => sum + (x - middle) * (value - mean), 0);
  const along = values.reduce((sum, _value, x) => sum + (x - middle) ** 2, 0);
  return spread(values) - across ** 2 / along;
}

/** The same from the best single step: a course that a step fits better is not drift. */
function stepError(values: readonly number[]): number {
  return Math.min(...values.map((_value, at) => spread(values.slice(0, at)) + spread(values.slice(at))));
}
