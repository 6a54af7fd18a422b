import { latencyStats } from '@jarvis-load/engine/ingest';
import { Histogram, type Measures } from '@jarvis-load/engine/recorder';
import type { GeneratorHealth } from '@jarvis-load/engine/result';

/** k6 reports nothing about its own health: unknown values are null. */
export function k6Health(total: Measures): GeneratorHealth {
  const sum = (counter: 'planned' | 'started' | 'dropped'): number => total.total(counter);
  return {
    generatorLimited: null,
    reasons: [],
    eventLoopUtilization: null,
    eventLoopDelayMs: { p50: null, p99: null, max: null },
    pacerLag: latencyStats(new Histogram()),
    queueWait: latencyStats(total.mergeOperations().queueWait),
    achievedOfOffered: sum('dropped') > 0 ? sum('started') / sum('planned') : null,
    cpuSeconds: null,
    cpuMicrosPerRequest: null,
    machineCpuShare: null,
    machine: null,
    maxRssBytes: null,
    gcSeconds: null,
    connectionsOpened: null,
    warmUpRequests: null,
    threads: [],
  };
}
