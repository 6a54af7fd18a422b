import { startLoad, type RunOptions } from '@jarvis-load/engine';
import type { RunResult } from '@jarvis-load/engine/result';
import type { Interruption } from './interruption.ts';

/** Runs the load; a signal lets running iterations end for three seconds, a later one ends them at once. */
export async function execute(options: RunOptions, interruption: Interruption): Promise<RunResult> {
  const stop = new AbortController();
  const run = startLoad({ ...options, signal: stop.signal });
  const off = interruption.onStop((signal, now) => {
    if (now) run.abort(`${signal}, twice`);
    // a run that was not left to end proves nothing about its plan: the engine calls it not valid
    else stop.abort(signal);
  });
  try {
    return await run.result;
  } finally {
    off();
  }
}
