import type { RunResult } from '@jarvis-load/engine/result';

/** Seconds with much waiting for a processor are tolerated up to this share of the run. */
const MOST_LOUD = 0.05;

/**
 * Why response times and throughput of two runs cannot be told apart: waiting for a processor lengthens them, and differs
 * from run to run. Undefined where neither run lacked processor time; a machine that was not measured counts as one that did not.
 */
export function busyMachine(runs: readonly RunResult[]): string | undefined {
  for (const { run, health } of runs) {
    for (const { part, machine } of health.machines ?? [{ part: null, machine: health.machine }]) {
      const { loudSeconds = 0, seconds = 0 } = machine ?? {};
      if (loudSeconds <= MOST_LOUD * seconds) continue;
      const of = part === null ? '' : ` of ${part}`;
      return `the machine${of} was short of processor time in ${loudSeconds} of ${seconds} s of run ${run.id}`;
    }
  }
  return undefined;
}
