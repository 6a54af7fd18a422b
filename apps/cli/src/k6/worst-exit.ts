import { EXIT_CODES, exitCode, type ExitName } from '../exit-codes.ts';

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

const WORDS: Partial<Readonly<Record<ExitName, string>>> = {
  pass: 'PASS',
  failed: 'FAIL',
  'not-valid': 'NOT VALID',
  unreachable: 'UNREACHABLE',
  'not-allowed': 'NOT ALLOWED',
  'hung-up': 'interrupted',
  interrupted: 'interrupted',
  terminated: 'interrupted',
};

/** How a run ended, by its exit code, in the words of the verdict; `ERROR` where there is none. */
export function wordOfExit(exit: number): string {
  const found = EXIT_CODES.find(({ code }) => code === exit);
  return (found === undefined ? undefined : WORDS[found.name]) ?? 'ERROR';
}
