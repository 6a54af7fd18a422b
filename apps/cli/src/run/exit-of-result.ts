import type { RunResult } from '@jarvis-load/engine/result';
import { exitCode } from '../exit-codes.ts';

/** Points of the series that tell whether the target was gone when the breaker ended the run. */
const LAST_POINTS = 10;
const GONE_SHARE = 0.9;

/** Whether nearly nothing was answered at the end. */
function targetWasGone(result: RunResult): boolean {
  let requests = 0;
  let unanswered = 0;
  for (const point of result.series.points.slice(-LAST_POINTS)) {
    requests += point.requests;
    unanswered += point.outcomes.connection_error + point.outcomes.timeout;
  }
  return requests > 0 && unanswered / requests > GONE_SHARE;
}

/** The exit code that a finished run means; a signal beats it. */
export function exitOfResult(result: RunResult): number {
  if (result.run.end.kind === 'circuit-breaker' && targetWasGone(result)) return exitCode('unreachable');
  if (result.verdict.status === 'not-valid') return exitCode('not-valid');
  return exitCode(result.verdict.status === 'fail' ? 'failed' : 'pass');
}
