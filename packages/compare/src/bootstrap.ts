import type { Random } from '@jarvis-load/engine/random';
import { sampleStandardDeviation } from 'simple-statistics';
import { degreesOfFreedom } from './dependence.ts';

/** So many draws estimate the standard error with a relative error of about 3 %. */
const DRAWS = 500;
/** If a larger share of the draws gives no finite figure, there is no standard error. */
const MOST_WITHOUT = 0.05;

/** Standard error and degrees of freedom of a figure. */
export interface Spread {
  readonly standardError: number;
  readonly df: number;
}

/**
 * Block bootstrap: draws as many blocks as there are, with replacement, computes the figure, and takes the standard
 * deviation over many draws. Undefined if too many draws have no finite figure.
 * @throws RangeError for too few blocks: the variance or the degrees of freedom would not be defined
 * @param blocks at least 2; `BlockEffects` has at least 10
 * @param independent effective number of blocks after autocorrelation, above 2; `BlockEffects` has at least 4
 * @param figure of a run in which block k counts `weights[k]` times; the array is reused
 */
export function bootstrap(
  blocks: number,
  independent: number,
  random: Random,
  figure: (weights: Float64Array) => number,
): Spread | undefined {
  if (blocks < 2 || independent <= 2) {
    throw new RangeError(
      `${blocks} blocks worth ${independent}; expected at least 2 blocks, worth more than 2`,
    );
  }
  const values: number[] = [];
  const weights = new Float64Array(blocks);
  for (let draw = 0; draw < DRAWS; draw++) {
    weights.fill(0);
    for (let k = 0; k < blocks; k++) weights[Math.floor(random() * blocks)]!++;
    const value = figure(weights);
    if (Number.isFinite(value)) values.push(value);
  }
  if (values.length < DRAWS * (1 - MOST_WITHOUT)) return undefined;
  // Corrects twice: for autocorrelation (blocks/independent), and for the bias of resampling, which underestimates the
  // variance by the factor (n-1)/n.
  const correction = Math.sqrt((blocks / independent) * (blocks / (blocks - 1)));
  return { standardError: sampleStandardDeviation(values) * correction, df: degreesOfFreedom(independent) };
}
