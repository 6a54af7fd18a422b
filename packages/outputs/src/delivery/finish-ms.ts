import type { RunResult } from '@jarvis-load/engine';

/** How long an output may go on sending after the run. After a signal, the process has to end within seconds. */
export function finishMs(result: RunResult | undefined): number {
  return result?.run.end.kind === 'aborted' ? 1000 : 6000;
}
