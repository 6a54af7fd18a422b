import type { Finding } from '@jarvis-load/compare';
import type { RunResult } from '@jarvis-load/engine/result';
import { exitCode } from '../exit-codes.ts';
import { worstExit } from '../k6/worst-exit.ts';

/**
 * The exit code of repeated runs, of one side or of two: 99 if one of them failed a promise, else 97 if the new side is worse.
 *
 * @param runs those that count, of all sides: none is invalid
 * @param finding of the comparison; absent: one side
 */
export function exitOfRounds(runs: readonly Pick<RunResult, 'verdict'>[], finding?: Finding): number {
  return worstExit([
    exitCode(runs.some(({ verdict }) => verdict.status === 'fail') ? 'failed' : 'pass'),
    exitCode(finding === 'worse' ? 'worse' : 'pass'),
  ]);
}
