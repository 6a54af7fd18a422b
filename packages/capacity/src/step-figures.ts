import type { RunResult } from '@jarvis-load/engine/result';
import { meanError } from './mean-error.ts';
import type { StepFigures } from './step.ts';
import { streamFigures } from './stream-figures.ts';

/**
 * How long the load of a run was made, in milliseconds: the planned time, or less where the run ended before it. The drain is no
 * part of it, but for users of the closed model, whose time lasts until they have left.
 */
export function loadMs({ run, scenarios }: RunResult): number {
  const ends = scenarios.flatMap(({ activeMs, executor }) =>
    activeMs === null ? [] : [activeMs + Number(executor['startTimeMs'] ?? 0)],
  );
  const plannedMs = run.plannedDurationMs ?? run.durationMs;
  return ends.length === 0 ? plannedMs : Math.min(plannedMs, Math.max(...ends));
}

/**
 * The figures of a run that the curve shows. Rates of iterations and requests are over the time in which the load was made; shares,
 * response times and streams are of the whole run.
 */
export function stepFigures(result: RunResult): StepFigures {
  const { totals, iterations, scenarios, series } = result;
  const seconds = Math.max(1, loadMs(result)) / 1000;
  // The backlog of an overloaded target is answered after the load: it is no throughput of the step.
  const during = series.points.filter(({ atMs }) => atMs < seconds * 1000);
  const within = during.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
  const sum = (read: (point: (typeof during)[number]) => number): number =>
    within === 0 ? 0 : during.reduce((total, point) => total + read(point), 0) / within;
  const open = scenarios.some(({ model }) => model === 'open');
  const flight = during.flatMap(({ inFlight, durationMs }) =>
    inFlight === null ? [] : [{ inFlight, durationMs }],
  );
  const length = flight.reduce((total, { durationMs }) => total + durationMs, 0);
  const { percentiles, meanMs } = totals.responseTime;
  const streams = streamFigures(result);
  const error = meanError(result);
  return {
    offeredPerSecond: open ? iterations.planned / seconds : null,
    iterationsPerSecond: sum((point) => point.iterations),
    requestsPerSecond: sum(({ requests }) => requests),
    goodPerSecond: sum(({ outcomes }) => outcomes.ok),
    failureShare: totals.failureShare,
    rateLimitedShare: totals.rateLimitedShare,
    droppedShare: iterations.planned === 0 ? 0 : iterations.dropped / iterations.planned,
    p50Ms: percentiles.p50,
    p95Ms: percentiles.p95,
    p99Ms: percentiles.p99,
    meanMs,
    ...(error === undefined ? {} : { meanError: error }),
    inFlight:
      length === 0
        ? null
        : flight.reduce((total, { inFlight, durationMs }) => total + inFlight * durationMs, 0) / length,
    ...(streams === undefined ? {} : { streams }),
  };
}
