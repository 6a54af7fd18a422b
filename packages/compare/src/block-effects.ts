import type { Random } from '@jarvis-load/engine/random';
import { sampleVariance } from 'simple-statistics';
import { autocorrelation, degreesOfFreedom, independentBlocks } from './dependence.ts';
import { aligned } from './align-blocks.ts';
import type { BlockData } from './block-data.ts';
import { BlockQuantiles } from './block-quantiles.ts';
import { bootstrap, type Spread } from './bootstrap.ts';
import { ratioEffect, type Effect } from './effect.ts';
import { QUANTILES, type FurtherMetric, type Metric } from './metrics.ts';
import { newcombeEffect } from './newcombe.ts';

/** With fewer blocks, the spread between them is too uncertain. */
export const LEAST_BLOCKS = 10;
/** With fewer independent blocks, one drift of the target takes about as long as the run: its spread is not measurable. */
const LEAST_INDEPENDENT = 4;
/** Relative standard error that a ratio has at least: response times and rates are not known better than that. */
const LEAST_ERROR = 0.001;

/**
 * Effects between two runs, from their blocks of time. Runs with the same blocks are resampled together: block k of one
 * is paired with block k of the other, so that what the load plan does over time (ramps, warm-up) does not count as spread.
 * Runs of different length are resampled separately.
 *
 * Must hold:
 * - Both runs have blocks of the same operation; the caller has checked that the runs can be compared.
 * - Figures are undefined below `LEAST_BLOCKS` blocks or `LEAST_INDEPENDENT` effective ones: `bootstrap` and the t
 *   distribution need them.
 * - Resampling draws from `random` in the order of the calls: the same calls give the same figures. `random` belongs to
 *   this object alone, or another operation would shift them.
 */
export class BlockEffects {
  /** Autocorrelation of response times from block to block. */
  readonly drift: number;
  readonly #base: BlockData;
  readonly #candidate: BlockData;
  readonly #paired: boolean;
  readonly #random: Random;
  readonly #quantiles: readonly [BlockQuantiles, BlockQuantiles];

  /**
   * @param drift autocorrelation of all operations together, the least that is assumed here: the few values of a high
   *   quantile of one operation do not show it
   */
  constructor(base: BlockData, candidate: BlockData, random: Random, drift = 0) {
    const pair = aligned(base, candidate);
    const [a, b] = pair ?? [base, candidate];
    this.#base = a;
    this.#candidate = b;
    this.#paired = pair !== undefined;
    this.#random = random;
    this.#quantiles = [
      new BlockQuantiles(a.times, a.bucketWidth),
      new BlockQuantiles(b.times, b.bucketWidth),
    ];
    const [means, others] = this.#quantiles.map((quantiles) => quantiles.logMeans());
    this.drift = Math.max(drift, this.#rho(means!, others!));
  }

  /** Undefined where a run is too short, or often has no value. @param logRatio of the figures of the whole runs */
  ratio(metric: Exclude<Metric | FurtherMetric, 'errors' | 'max'>, logRatio: number): Effect | undefined {
    const [baseQuantiles, candidateQuantiles] = this.#quantiles;
    const p = QUANTILES[metric];
    const sides = [
      { data: this.#base, quantiles: baseQuantiles },
      { data: this.#candidate, quantiles: candidateQuantiles },
    ] as const;
    const parts = sides.map(({ data, quantiles }) => ({
      blocks: data.requests.length,
      ...(p === undefined
        ? ratioOf(metric === 'mean' ? timesOf(data) : ratesOf(data))
        : quantileOf(quantiles, p)),
    }));
    const spread = this.#spreadOf(parts[0]!, parts[1]!);
    if (spread === undefined) return undefined;
    const bucketWidth = Math.max(this.#base.bucketWidth, this.#candidate.bucketWidth);
    // A value is anywhere in its bucket: the standard deviation of a uniform distribution, on both sides.
    const unknown = metric === 'throughput' ? LEAST_ERROR : Math.max(LEAST_ERROR, bucketWidth / Math.sqrt(6));
    return ratioEffect(logRatio, Math.hypot(spread.standardError, unknown), spread.df);
  }

  /**
   * The effect on the share of failed requests; undefined where a run is too short. Where errors come in bursts, the counts of
   * both runs are divided by the design effect: the variance between blocks over that of independent requests.
   */
  errors(): Effect | undefined {
    const sides = [this.#base, this.#candidate].map((data) => {
      const of = sum(data.requests);
      const failed = sum(data.failed);
      const share = failed / of;
      const surplus = data.requests.map((requests, block) => data.failed[block]! - share * requests);
      return { of, failed, surplus, variance: of * share * (1 - share) };
    });
    const [a, b] = [sides[0]!, sides[1]!];
    if (Math.min(a.surplus.length, b.surplus.length) < LEAST_BLOCKS) return undefined;
    const rho = this.#rho(a.surplus, b.surplus);
    const independent = Math.min(...[a, b].map(({ surplus }) => independentBlocks(surplus.length, rho)));
    if (independent < LEAST_INDEPENDENT) return undefined;
    const series = this.#paired ? [differenceOf(a.surplus, b.surplus)] : [a.surplus, b.surplus];
    const measured = series.reduce((total, each) => total + varianceOfSum(each, rho), 0);
    const design = Math.max(1, measured / Math.max(a.variance + b.variance, Number.MIN_VALUE));
    return newcombeEffect(
      { count: a.failed / design, of: a.of / design },
      { count: b.failed / design, of: b.of / design },
      degreesOfFreedom(independent),
    );
  }

  #spreadOf(base: Part, candidate: Part): Spread | undefined {
    if (Math.min(base.blocks, candidate.blocks) < LEAST_BLOCKS) return undefined;
    const rho = Math.max(this.drift, this.#rho(base.influence, candidate.influence));
    const spread = (blocks: number, figure: Part['figure']): Spread | undefined => {
      const independent = independentBlocks(blocks, rho);
      if (independent < LEAST_INDEPENDENT) return undefined;
      return bootstrap(blocks, independent, this.#random, figure);
    };
    if (this.#paired) {
      return spread(base.blocks, (weights) => candidate.figure(weights) - base.figure(weights));
    }
    const [a, b] = [base, candidate].map(({ blocks, figure }) => spread(blocks, figure));
    return a === undefined || b === undefined ? undefined : welch(a, b);
  }

  /** Of the difference of two series, where they have the same blocks. */
  #rho(a: readonly number[], b: readonly number[]): number {
    return this.#paired
      ? autocorrelation(differenceOf(a, b))
      : Math.max(autocorrelation(a), autocorrelation(b));
  }
}

function differenceOf(a: readonly number[], b: readonly number[]): number[] {
  return b.map((value, block) => value - a[block]!);
}

interface Part {
  readonly blocks: number;
  /** What each block adds to the figure, in any unit that both sides share. */
  readonly influence: readonly number[];
  readonly figure: (weights: Float64Array) => number;
}

/** Standard error of a difference, with the degrees of freedom of Welch and Satterthwaite. */
export function welch(a: Spread, b: Spread): Spread {
  const [va, vb] = [a.standardError ** 2, b.standardError ** 2];
  const variance = va + vb;
  return {
    standardError: Math.sqrt(variance),
    df: variance === 0 ? a.df + b.df : variance ** 2 / (va ** 2 / a.df + vb ** 2 / b.df),
  };
}

function influenceOnQuantile(quantiles: BlockQuantiles, p: number): number[] {
  const total = sum([...quantiles.counts]);
  const upTo = quantiles.countsUpTo(p);
  const share = total === 0 ? p : sum([...upTo]) / total;
  // Slower blocks have fewer values up to the quantile.
  return [...upTo].map((count, block) => (share * quantiles.counts[block]! - count) / Math.max(1, total));
}

/** A figure that is one sum over blocks divided by another. */
interface Sums {
  readonly sums: readonly number[];
  readonly per: readonly number[];
}

/** Requests per time. */
function ratesOf({ requests, durationsMs }: BlockData): Sums {
  return { sums: requests, per: durationsMs };
}

/** Response times per good answer: their mean. */
function timesOf({ times }: BlockData): Sums {
  return { sums: times.map((each) => each?.sum ?? 0), per: times.map((each) => each?.count ?? 0) };
}

function ratioOf({ sums, per }: Sums): Pick<Part, 'influence' | 'figure'> {
  const ratio = sum(sums) / sum(per);
  return {
    influence: sums.map((value, block) => (ratio > 0 ? value / ratio - per[block]! : 0)),
    figure(weights) {
      let over = 0;
      let under = 0;
      weights.forEach((weight, block) => {
        over += weight * sums[block]!;
        under += weight * per[block]!;
      });
      return Math.log(over / under);
    },
  };
}

function quantileOf(quantiles: BlockQuantiles, p: number): Pick<Part, 'influence' | 'figure'> {
  return {
    influence: influenceOnQuantile(quantiles, p),
    figure: (weights) => quantiles.logQuantile(p, weights),
  };
}

/** Variance of the sum of a dependent series. */
function varianceOfSum(series: readonly number[], rho: number): number {
  return (sampleVariance([...series]) * series.length ** 2) / independentBlocks(series.length, rho);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
