import { startLoad, type LoadRun, type RunOptions } from '@jarvis-load/engine';
import type { RunResult } from '@jarvis-load/engine/result';
import type { Interruption } from './interruption.ts';

/**
 * Runs the load. The first signal gives running iterations three seconds to end, a later one aborts them.
 * @param onRun receives the handle of the run as soon as it is started, before its setup
 */
export async function execute(
  options: RunOptions,
  interruption: Interruption,
  onRun?: (run: LoadRun) => void,
): Promise<RunResult> {
  const stop = new AbortController();
  const run = startLoad({ ...options, signal: stop.signal });
  onRun?.(run);
  const off = interruption.onStop((signal, now) => {
    if (now) run.abort(`${signal}, twice`);
    // The engine marks a run stopped before its planned end as not valid.
    else stop.abort(signal);
  });
  try {
    return await run.result;
  } finally {
    off();
  }
}
