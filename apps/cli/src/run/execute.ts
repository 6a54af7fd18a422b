import { startLoad, type RunOptions } from '@jarvis-load/engine';
import type { RunResult } from '@jarvis-load/engine/result';
import { DRAIN_MS, type Interruption } from './interruption.ts';

/** Runs the load; a signal lets running iterations end for three seconds, a later one ends them at once. */
export async function execute(options: RunOptions, interruption: Interruption): Promise<RunResult> {
  const run = startLoad(options);
  const off = interruption.onStop((signal, now) => {
    if (now) run.abort(`${signal}, twice`);
    else run.stop(signal, DRAIN_MS);
  });
  try {
    return await run.result;
  } finally {
    off();
  }
}
