import type { ThreadHealth } from '../model/run-snapshot.ts';
import type { ThreadReport } from '../threads/thread-handle.ts';

/** Health of the threads that reported; without what the machine says where the run is on a virtual clock (`realTime` false). */
export function threadSamples(reports: readonly ThreadReport[], realTime: boolean): readonly ThreadHealth[] {
  return reports.flatMap(({ interval: { thread }, health }) => {
    if (health === undefined) return [];
    if (realTime) return { thread, ...health };
    const { connectionsOpened, protocol } = health;
    return {
      thread,
      utilization: 0,
      meanUtilization: 0,
      delayP50Ms: null,
      delayP99Ms: null,
      delayMaxMs: null,
      gcMs: 0,
      cpuSeconds: null,
      connectionsOpened,
      protocol,
    };
  });
}
