import type { RunResult } from '@jarvis-load/engine';

/**
 * How long an output may go on sending after the run, milliseconds. After a signal, the process has to end within seconds. Less
 * than `timeouts.outputMs` of the engine, after which the output is noted as failed without its count of losses.
 */
export function finishMs(result: RunResult | undefined): number {
  return result?.run.end.kind === 'aborted' ? 1000 : 6000;
}
