import { wilsonInterval } from '@jarvis-load/engine/recorder';
import type { Effect } from './effect.ts';
import { criticalT, twoSidedTail } from './student-t.ts';

/**
 * A number of events among requests, of which there are more than 0: otherwise the p-value is wrong. Both need not be whole, as
 * dependent requests count for less than one.
 */
export interface Share {
  readonly count: number;
  readonly of: number;
}

/**
 * Newcombe's hybrid score interval for the difference of two shares (Statistics in Medicine 17, 1998, method 10): it
 * stays sensible where one of them is 0. With Student's t in place of the normal quantile, as the number of independent
 * observations is itself estimated.
 */
export function newcombeEffect(base: Share, candidate: Share, df: number): Effect {
  const difference = candidate.count / candidate.of - base.count / base.of;
  return {
    change: difference,
    pValue: twoSidedTail(touching(base, candidate), df),
    interval: (alpha) => newcombeInterval(base, candidate, criticalT(alpha, df)),
  };
}

/** The interval of `candidate - base` for a normal quantile `z`. */
export function newcombeInterval(base: Share, candidate: Share, z: number): readonly [number, number] {
  if (!Number.isFinite(z)) return [-1, 1];
  const [p1, p2] = [base.count / base.of, candidate.count / candidate.of];
  const [low1, high1] = wilsonInterval(base, z);
  const [low2, high2] = wilsonInterval(candidate, z);
  return [p2 - p1 - Math.hypot(p2 - low2, high1 - p1), p2 - p1 + Math.hypot(high2 - p2, p1 - low1)];
}

/** The z at which an end of the interval is 0: the interval grows with z. */
function touching(base: Share, candidate: Share): number {
  const difference = candidate.count / candidate.of - base.count / base.of;
  if (difference === 0) return 0;
  let low = 0;
  let high = 100;
  for (let step = 0; step < 60; step++) {
    const z = (low + high) / 2;
    const [from, to] = newcombeInterval(base, candidate, z);
    if (from <= 0 && to >= 0) high = z;
    else low = z;
  }
  return low;
}
