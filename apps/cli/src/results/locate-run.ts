import { reasonOf } from '@jarvis-load/engine/show';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { CliError } from '../cli-error.ts';
import { documentOf } from './document-of-run.ts';
import { JOURNAL_NAME } from './journal-format.ts';

/** Error for a run that cannot be read. */
export function unreadableRun(given: string, cause: unknown): CliError {
  const code = (cause as NodeJS.ErrnoException).code ?? reasonOf(cause);
  return new CliError({
    exit: 'usage',
    code: 'report-input',
    problem: `no result to read at ${given} (${code})`,
    expected: "a run's folder such as results/latest, its result.json, or the output of k6 run --out json",
    next: 'ls results',
    cause,
  });
}

function documentIn(folder: string): string {
  const journal = join(folder, JOURNAL_NAME);
  return documentOf(folder) ?? (existsSync(journal) ? journal : join(folder, 'result.json'));
}

/**
 * Path of a run's document: the given file; in a folder, or that of the run named by the text file `latest`,
 * `result.json` or, where the run was killed before that was written whole, its journal. A folder with neither gives the path of a
 * document that is missing.
 *
 * @throws CliError exit 2 if the given path does not exist
 */
export function locateRun(given: string, cwd: string): string {
  const path = resolve(cwd, given);
  try {
    if (statSync(path).isDirectory()) return documentIn(path);
    if (basename(path) === 'latest')
      return documentIn(join(dirname(path), readFileSync(path, 'utf8').trim()));
    return path;
  } catch (cause) {
    throw unreadableRun(given, cause);
  }
}
