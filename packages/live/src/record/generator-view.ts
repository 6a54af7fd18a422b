import type { HealthNow, IntervalEvent } from '@jarvis-load/engine';
import type { Generator } from '../api/run-schema.ts';

/*
 * Health of the generator for the page. Its limits are for hints during the run; the verdict has its own (`health-record.ts` of
 * the engine), and the page shows the reasons of the document once there is one.
 */

/** Above it, the thread that makes the load answers late. */
const BUSY_UTILIZATION = 0.9;
/** Above it, waiting for a processor shows in the latencies. */
const LONG_WAIT_SHARE = 0.25;
const LATE_MS = 10;

/**
 * Health of the generator: numbers of the last second, but `machineCpuShare` and `cpuSeconds` since the start of the run, and
 * reasons as sentences.
 */
export function generatorView(
  { health }: IntervalEvent,
  { rssBytes, machineCpuShare, cpuSeconds, threads }: HealthNow,
): Generator {
  const { eventLoopUtilization, pacerLagP99Ms, waitShare } = health;
  return {
    eventLoopUtilization,
    pacerLagP99Ms,
    waitShare,
    rssBytes,
    machineCpuShare,
    cpuSeconds,
    threads: threads.length,
    reasons: [
      ...(eventLoopUtilization > BUSY_UTILIZATION
        ? [
            `A thread of the generator is busy ${percent(eventLoopUtilization)} of the time: use more --threads or less load.`,
          ]
        : []),
      ...((waitShare ?? 0) > LONG_WAIT_SHARE
        ? [
            `Generator and target waited ${percent(waitShare ?? 0)} of the time for a processor: latencies contain it.`,
          ]
        : []),
      ...((pacerLagP99Ms ?? 0) > LATE_MS
        ? [`Iterations started up to ${Math.round(pacerLagP99Ms ?? 0)} ms late (p99).`]
        : []),
    ],
  };
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}
