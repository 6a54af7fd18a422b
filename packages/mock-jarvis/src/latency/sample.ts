import type { LatencyModel } from '../config/schema.ts';
import type { RandomStream } from '../random/stream.ts';

/** 95th percentile of the standard normal distribution. */
const Z95 = 1.6448536269514722;

/**
 * A service time in milliseconds. Lognormal: mu = ln p50 and sigma = ln(p95 / p50) / z95; the normal deviate is
 * computed with the Box-Muller transform.
 */
export function sampleLatencyMs(model: LatencyModel, random: RandomStream, ordinal: number): number {
  switch (model.kind) {
    case 'constant':
      return model.ms;
    case 'uniform':
      return model.minMs + (model.maxMs - model.minMs) * random.unit(ordinal, 0);
    case 'exponential':
      return -model.meanMs * Math.log(random.unit(ordinal, 0));
    case 'lognormal': {
      const normal =
        Math.sqrt(-2 * Math.log(random.unit(ordinal, 0))) * Math.cos(2 * Math.PI * random.unit(ordinal, 1));
      return model.p50Ms * Math.exp((Math.log(model.p95Ms / model.p50Ms) / Z95) * normal);
    }
  }
}
