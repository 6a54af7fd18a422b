import type { LatencyModel } from '../config/schema.ts';
import type { LengthModel } from '../config/schema-parts.ts';
import type { RandomStream } from '../random/stream.ts';

/** 95th percentile of the standard normal distribution. */
const Z95 = 1.6448536269514722;

/**
 * A service time in milliseconds. Lognormal: mu = ln p50 and sigma = ln(p95 / p50) / z95; the normal deviate is
 * computed with the Box-Muller transform.
 * @param lane first of the two lanes of the random stream that it draws from
 */
export function sampleLatencyMs(
  model: LatencyModel,
  random: RandomStream,
  ordinal: number,
  lane = 0,
): number {
  switch (model.kind) {
    case 'constant':
      return model.ms;
    case 'uniform':
      return model.minMs + (model.maxMs - model.minMs) * random.unit(ordinal, lane);
    case 'exponential':
      return -model.meanMs * Math.log(random.unit(ordinal, lane));
    case 'lognormal': {
      const normal =
        Math.sqrt(-2 * Math.log(random.unit(ordinal, lane))) *
        Math.cos(2 * Math.PI * random.unit(ordinal, lane + 1));
      return model.p50Ms * Math.exp((Math.log(model.p95Ms / model.p50Ms) / Z95) * normal);
    }
  }
}

/** A length in tokens, rounded to a whole number. */
export function sampleLength(model: LengthModel, random: RandomStream, ordinal: number, lane = 0): number {
  switch (model.kind) {
    case 'constant':
      return model.tokens;
    case 'uniform':
      return model.min + Math.floor((model.max - model.min + 1) * random.unit(ordinal, lane));
    case 'lognormal': {
      const { p50: p50Ms, p95: p95Ms } = model;
      return Math.round(sampleLatencyMs({ kind: 'lognormal', p50Ms, p95Ms }, random, ordinal, lane));
    }
  }
}
