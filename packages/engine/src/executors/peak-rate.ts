import type { ResolvedConstantArrivalRate, ResolvedRampingArrivalRate } from '../model/resolved-executor.ts';

/** Iterations per second at the highest point of a schedule. */
export function peakRate(executor: ResolvedConstantArrivalRate | ResolvedRampingArrivalRate): number {
  if (executor.kind === 'constant-arrival-rate') return executor.ratePerSecond;
  const highest = Math.max(executor.startRate, ...executor.stages.map(({ target }) => target));
  return (highest * 1000) / executor.timeUnitMs;
}
