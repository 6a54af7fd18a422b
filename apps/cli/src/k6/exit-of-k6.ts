import type { RunResult } from '@jarvis-load/engine/result';
import { meaningOfExit, type AbortCode, type K6Exit } from '@jarvis-load/k6-scenarios';
import { exitCode, type ExitName } from '../exit-codes.ts';
import { exitOfResult } from '../run/exit-of-result.ts';
import type { StopSignal } from '../run/interruption.ts';

/** What a test of ours that stopped itself means; the probe before k6 finds most of it first. */
const ABORTS: Readonly<Record<AbortCode, ExitName>> = {
  unreachable: 'unreachable',
  neither: 'unreachable',
  unavailable: 'unreachable',
  'login-failed': 'unreachable',
  'login-refused': 'usage',
  configuration: 'usage',
};

/** How the run ended, for the document. */
export function endOfK6(
  { exitCode: code, abort }: K6Exit,
  signal: StopSignal | undefined,
): RunResult['run']['end'] {
  if (signal !== undefined) return { kind: 'aborted', reason: signal };
  if (abort !== undefined) return { kind: 'setup-failed', reason: abort.text };
  const { kind, text } = meaningOfExit(code);
  if (kind === 'ran') return { kind: 'completed' };
  return {
    kind: kind === 'stopped' ? 'aborted' : 'error',
    reason: `k6 ended with exit code ${code}: ${text}`,
  };
}

/** The exit code of `jarvis-load` for one of k6, where there is no document to look at. */
export function exitNameOfK6({ exitCode: code, abort }: K6Exit): ExitName {
  if (abort !== undefined) return ABORTS[abort.code];
  // Setup speaks to the target only.
  if (code === 100) return 'unreachable';
  switch (meaningOfExit(code).kind) {
    case 'ran':
      return code === 0 ? 'pass' : 'failed';
    case 'stopped':
      return 'not-valid';
    case 'refused':
      return 'usage';
    case 'failed':
      return 'internal';
  }
}

/** The exit code of a k6 run: what k6 says, and what our document makes of the same samples. */
export function exitOfK6(exit: K6Exit, result: RunResult): number {
  // It was we who stopped k6, so its own code says nothing.
  if (result.run.end.kind === 'circuit-breaker') return exitOfResult(result);
  const name = exitNameOfK6(exit);
  if (name !== 'pass' && name !== 'failed') return exitCode(name);
  const own = exitOfResult(result);
  return own === exitCode('pass') ? exitCode(name) : own;
}
