import type { RunResult } from '@jarvis-load/engine/result';
import { exitCode } from '../exit-codes.ts';

/**
 * Points at the end of the series that decide whether the circuit breaker ended the run because the target was gone.
 */
const LAST_POINTS = 10;
const GONE_SHARE = 0.9;

/** Whether almost no request was answered at the end. */
function targetWasGone(result: RunResult): boolean {
  let requests = 0;
  let unanswered = 0;
  for (const point of result.series.points.slice(-LAST_POINTS)) {
    requests += point.requests;
    unanswered += point.outcomes.connection_error + point.outcomes.timeout;
  }
  return requests > 0 && unanswered / requests > GONE_SHARE;
}

/** The exit code of a finished run; a signal overrides it. */
export function exitOfResult(result: RunResult): number {
  if (result.run.end.kind === 'circuit-breaker' && targetWasGone(result)) return exitCode('unreachable');
  if (result.verdict.status === 'not-valid') return exitCode('not-valid');
  return exitCode(result.verdict.status === 'fail' ? 'failed' : 'pass');
}
