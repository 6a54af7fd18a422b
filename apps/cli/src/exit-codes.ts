/** An exit code of `jarvis-load`; `--help` and the docs print the table. */
export interface ExitCode {
  readonly code: number;
  readonly name: string;
  readonly meaning: string;
}

/**
 * Every exit code, in the order of the documentation. Their precedence stands in `k6/worst-exit.ts`, and in words in
 * `reference/cli-markdown.ts`; `repeat/run-load.ts` knows by name which ones have a document.
 */
export const EXIT_CODES = [
  { code: 0, name: 'pass', meaning: 'The run is valid and every threshold and objective holds.' },
  { code: 1, name: 'internal', meaning: 'A bug of jarvis-load; --debug shows the stack trace.' },
  {
    code: 2,
    name: 'usage',
    meaning:
      'A flag, variable, file or credential is wrong, and no load was sent; or a file could not be read or written.',
  },
  { code: 3, name: 'unreachable', meaning: 'The target cannot be reached, or speaks no known contract.' },
  { code: 4, name: 'not-allowed', meaning: 'The target may not be loaded, or not that much.' },
  { code: 97, name: 'worse', meaning: 'A comparison found something worse.' },
  {
    code: 98,
    name: 'not-valid',
    meaning:
      'The run proves nothing: no data, too few samples, dropped iterations, limited by the machine; under --strict also generator-limited or something unproven. With --out-required also: an output missed something. With --fail-on-worse also: there was nothing to compare with.',
  },
  { code: 99, name: 'failed', meaning: 'A threshold or an objective failed.' },
  {
    code: 129,
    name: 'hung-up',
    meaning: 'Ended by SIGHUP, such as a closed terminal; reports are still written.',
  },
  { code: 130, name: 'interrupted', meaning: 'Ended by Ctrl-C (SIGINT); reports are still written.' },
  {
    code: 143,
    name: 'terminated',
    meaning:
      'Ended by SIGTERM, or because npm, npx or Nx that started it is gone; reports are still written.',
  },
] as const satisfies readonly ExitCode[];

/** Names of the exit codes; code uses these instead of numbers. */
export type ExitName = (typeof EXIT_CODES)[number]['name'];

/** The number of a named exit code. */
export function exitCode(name: ExitName): number {
  const found = EXIT_CODES.find((entry) => entry.name === name);
  return found === undefined ? 1 : found.code;
}
