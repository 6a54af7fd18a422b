import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CliError } from '../cli-error.ts';

/** Error for a run that cannot be read. */
export function unreadableRun(given: string, cause: unknown): CliError {
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new CliError({
    exit: 'usage',
    code: 'report-input',
    problem: `no result to read at ${given} (${code})`,
    expected: "a run's folder such as results/latest, its result.json, or the output of k6 run --out json",
    next: 'ls results',
    cause,
  });
}

/**
 * Path of a run's document: the given file, `result.json` of a folder, or of the run named by the text file `latest`.
 *
 * @throws CliError exit 2 if there is nothing
 */
export function locateRun(given: string, cwd: string): string {
  const path = resolve(cwd, given);
  try {
    if (statSync(path).isDirectory()) return join(path, 'result.json');
    if (path.endsWith('latest')) return join(dirname(path), readFileSync(path, 'utf8').trim(), 'result.json');
    return path;
  } catch (cause) {
    throw unreadableRun(given, cause);
  }
}
