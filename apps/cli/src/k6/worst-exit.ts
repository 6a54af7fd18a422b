import { exitCode, type ExitName } from '../exit-codes.ts';

/** Which exit code several runs share: the first of these that any of them has. */
const ORDER: readonly ExitName[] = [
  'interrupted',
  'terminated',
  'not-allowed',
  'unreachable',
  'usage',
  'internal',
  'not-valid',
  'failed',
];

/** The exit code of several runs together. */
export function worstExit(exits: readonly number[]): number {
  const name = ORDER.find((candidate) => exits.includes(exitCode(candidate)));
  return name === undefined ? Math.max(0, ...exits) : exitCode(name);
}
