import type { Random } from '@jarvis-load/engine/random';
import { sampleStandardDeviation } from 'simple-statistics';
import { degreesOfFreedom } from './dependence.ts';

/** Draws of a bootstrap; a standard error from so many is within 3 % of its limit. */
const DRAWS = 500;
/** With more draws without a value, the figure has no standard error. */
const MOST_WITHOUT = 0.05;

/** Standard error and degrees of freedom of a figure. */
export interface Spread {
  readonly standardError: number;
  readonly df: number;
}

/**
 * Block bootstrap: draws blocks of time until the run is full, computes the figure, and takes the standard deviation over
 * many draws. Undefined where the figure often has no value.
 * @param independent how many independent blocks they are worth: neighbours may depend on each other
 * @param figure of a run in which block k counts `weights[k]` times; the array is reused
 */
export function bootstrap(
  blocks: number,
  independent: number,
  random: Random,
  figure: (weights: Float64Array) => number,
): Spread | undefined {
  const values: number[] = [];
  const weights = new Float64Array(blocks);
  for (let draw = 0; draw < DRAWS; draw++) {
    weights.fill(0);
    for (let k = 0; k < blocks; k++) weights[Math.floor(random() * blocks)]!++;
    const value = figure(weights);
    if (Number.isFinite(value)) values.push(value);
  }
  if (values.length < DRAWS * (1 - MOST_WITHOUT)) return undefined;
  // The variance of a mean of n independent blocks is s²/n, and drawing with replacement gives (n-1)/n of it.
  const correction = Math.sqrt((blocks / independent) * (blocks / (blocks - 1)));
  return { standardError: sampleStandardDeviation(values) * correction, df: degreesOfFreedom(independent) };
}
