import type { ResolvedExecutor } from '../model/resolved-executor.ts';

/** Iterations per second at the highest point of a schedule; at its start, where the rate is set while the run is on. */
export function peakRate(executor: Extract<ResolvedExecutor, { readonly model: 'open' }>): number {
  switch (executor.kind) {
    case 'replayed-arrivals':
      return executor.peakPerSecond;
    case 'constant-arrival-rate':
    case 'externally-controlled':
      return executor.ratePerSecond;
    case 'ramping-arrival-rate': {
      const highest = Math.max(executor.startRate, ...executor.stages.map(({ target }) => target));
      return (highest * 1000) / executor.timeUnitMs;
    }
  }
}
