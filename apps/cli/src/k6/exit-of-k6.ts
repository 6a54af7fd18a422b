import type { RunResult } from '@jarvis-load/engine/result';
import { meaningOfExit, type AbortCode, type K6Exit } from '@jarvis-load/k6-scenarios';
import { exitCode, type ExitName } from '../exit-codes.ts';
import { exitOfResult } from '../run/exit-of-result.ts';
import type { StopSignal } from '../run/interruption.ts';

/** Exit names of test aborts; the probe before k6 finds most of these problems earlier. */
const ABORTS: Readonly<Record<AbortCode, ExitName>> = {
  unreachable: 'unreachable',
  neither: 'unreachable',
  unavailable: 'unreachable',
  'login-failed': 'unreachable',
  'login-refused': 'usage',
  configuration: 'usage',
  // Without a document: nothing was measured.
  stopped: 'not-valid',
};

/** How the run ended, for the document. */
export function endOfK6(
  { exitCode: code, abort }: K6Exit,
  signal: StopSignal | undefined,
): RunResult['run']['end'] {
  if (signal !== undefined) return { kind: 'aborted', reason: signal };
  if (abort?.code === 'stopped') return { kind: 'stopped', reason: abort.text };
  if (abort !== undefined) return { kind: 'setup-failed', reason: abort.text };
  const { kind, text } = meaningOfExit(code);
  if (kind === 'ran') return { kind: 'completed' };
  return {
    kind: kind === 'stopped' ? 'aborted' : 'error',
    reason: `k6 ended with exit code ${code}: ${text}`,
  };
}

/** The exit name for a k6 exit code alone. */
export function exitNameOfK6({ exitCode: code, abort }: K6Exit): ExitName {
  if (abort !== undefined) return ABORTS[abort.code];
  // Setup timeout: setup only sends requests to the target.
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

/** The exit code of a k6 run: that of the document where k6 ran to its end and the document does not pass, else that of k6. */
export function exitOfK6(exit: K6Exit, result: RunResult): number {
  // The circuit breaker or a scenario stopped k6, so k6's exit code does not describe the run.
  const { kind } = result.run.end;
  if (kind === 'circuit-breaker' || kind === 'stopped') return exitOfResult(result);
  const name = exitNameOfK6(exit);
  if (name !== 'pass' && name !== 'failed') return exitCode(name);
  const own = exitOfResult(result);
  return own === exitCode('pass') ? exitCode(name) : own;
}
