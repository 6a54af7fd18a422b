import type { Finding, MetricComparison } from './comparison.ts';
import type { Effect } from './effect.ts';
import { higherIsBetter, type FurtherMetric, type Metric, type Tolerance } from './metrics.ts';

/** What is known of a figure on both sides. */
interface Figures<M extends Metric | FurtherMetric> {
  readonly metric: M;
  readonly base: number | null;
  readonly candidate: number | null;
  readonly effect: Effect | undefined;
  /** Level of the interval. */
  readonly alpha: number;
  readonly tolerance: Tolerance;
  /** Why there is no effect. */
  readonly reason: string | null;
}

/**
 * Worse or better: the interval excludes no change, and the change exceeds the tolerance. Otherwise no difference larger
 * than what the interval allows, if that is little enough to be worth saying.
 */
export function judgeMetric<M extends Metric | FurtherMetric>(figures: Figures<M>): MetricComparison<M> {
  const { metric, base, candidate, effect, alpha, tolerance, reason } = figures;
  const sides = { metric, base, new: candidate };
  if (effect === undefined || base === null || candidate === null) {
    return {
      ...sides,
      change: changeOf(figures),
      interval: null,
      finding: 'cannot-tell',
      atMost: null,
      reason,
    };
  }
  const { change } = effect;
  const interval = effect.interval(alpha);
  const judged = { ...sides, change, interval };
  const real = effect.pValue < alpha;
  const large = Math.abs(change) > tolerance.change && Math.abs(candidate - base) > (tolerance.floorMs ?? 0);
  if (real && large) {
    const finding = change > 0 === higherIsBetter(metric) ? 'better' : 'worse';
    return { ...judged, finding, atMost: null, reason: null };
  }
  const atMost = Math.max(Math.abs(interval[0]), Math.abs(interval[1]));
  if (atMost <= tolerance.largest) {
    const within = real ? 'a real change, within the tolerance' : null;
    return { ...judged, finding: 'no-difference', atMost, reason: within };
  }
  return { ...judged, finding: 'cannot-tell', atMost: null, reason: 'the interval is too wide' };
}

/** Of several findings together: worse first; no difference only if every figure could be judged. */
export function findingOf(parts: readonly { readonly finding: Finding }[]): Finding {
  const has = (finding: Finding): boolean => parts.some((part) => part.finding === finding);
  if (has('worse')) return 'worse';
  if (has('better')) return 'better';
  return has('cannot-tell') ? 'cannot-tell' : 'no-difference';
}

function changeOf({ metric, base, candidate }: Figures<Metric | FurtherMetric>): number | null {
  if (base === null || candidate === null) return null;
  if (metric === 'errors') return candidate - base;
  return base === 0 ? null : candidate / base - 1;
}
