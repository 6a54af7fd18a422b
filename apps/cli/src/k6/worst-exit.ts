import { exitCode, type ExitName } from '../exit-codes.ts';

/**
 * Precedence of exit codes: several runs together exit with the first of these that any of them has. A code that is missing
 * here counts only where none of these occurs; then the highest number is taken.
 */
const ORDER: readonly ExitName[] = [
  'hung-up',
  'interrupted',
  'terminated',
  'not-allowed',
  'unreachable',
  'usage',
  'internal',
  'not-valid',
  'failed',
];

/** The combined exit code of several runs. */
export function worstExit(exits: readonly number[]): number {
  const name = ORDER.find((candidate) => exits.includes(exitCode(candidate)));
  return name === undefined ? Math.max(0, ...exits) : exitCode(name);
}
