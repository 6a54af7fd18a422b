import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { RunResult } from '@jarvis-load/engine/result';
import { parseResult, ReporterError } from '@jarvis-load/reporter';
import { CliError } from '../cli-error.ts';
import { documentOf } from '../results/document-of-run.ts';
import { JOURNAL_NAME } from '../results/journal-format.ts';
import { locateRun, unreadableRun } from '../results/locate-run.ts';
import { isStillWritten } from '../results/read-journal.ts';
import { readRun } from '../results/read-run.ts';

/** The runs of one side of a comparison. */
export interface Side {
  /** As the user named it. */
  readonly given: string;
  /** Oldest first; at least one, which `compareSides` relies on. */
  readonly runs: readonly RunResult[];
  /** The runs of a folder: those that do not fit may be left out. */
  readonly isCollection: boolean;
  /** What of the folder was left out: damaged documents, and runs without one. */
  readonly notes: readonly string[];
}

/**
 * Reads a side: a document, a run's folder, a folder of runs, or several of them separated by commas; also output of k6 and journals.
 * Of a folder of runs only the folders right within it that have a document count.
 *
 * @throws CliError exit 2 where one of them has no run or the system refuses to read it; ReporterError for a document that is none
 */
export async function readSide(given: string, cwd: string): Promise<Side> {
  const names = existsSync(resolve(cwd, given)) ? [given] : given.split(',').map((name) => name.trim());
  const runs: RunResult[] = [];
  const notes: string[] = [];
  let isCollection = false;
  for (const name of names) {
    const folder = folderOfRuns(resolve(cwd, name));
    if (folder === undefined) {
      const { result } = await readRun(locateRun(name, cwd), name, cwd);
      runs.push(result);
      continue;
    }
    isCollection = true;
    const found = readFolder(folder, cwd);
    if (found.runs.length === 0) throw noRun(folder, name);
    runs.push(...found.runs);
    notes.push(...found.notes);
  }
  const unique = [...new Map(runs.map((run) => [runKey(run), run])).values()];
  return { given, runs: unique.toSorted(byStart), isCollection, notes };
}

/** The error for a folder that a person named and that has no run to compare. */
function noRun(folder: string, name: string): CliError {
  switch (stateOf(folder)) {
    case 'killed':
      return new CliError({
        exit: 'usage',
        code: 'compare-input',
        problem: `the run in ${name} was killed before its whole document was written`,
        next: `npx jarvis-load report ${name}, which makes it from the journal; such a run is not valid, so compare with --force`,
      });
    case 'on':
      return new CliError({
        exit: 'usage',
        code: 'compare-input',
        problem: `the run in ${name} ${STILL_ON}`,
        next: 'wait for its end',
      });
    case 'none':
      return new CliError({
        exit: 'usage',
        code: 'compare-input',
        problem: `there is no run in ${name}`,
        expected: "a run's folder, its result.json, or a folder with folders of runs such as results",
        next: `ls ${name}`,
      });
  }
}

/** Runs of every folder in a folder; the notes name damaged documents and runs without one. */
function readFolder(
  folder: string,
  cwd: string,
): { readonly runs: readonly RunResult[]; readonly notes: readonly string[] } {
  const runs: RunResult[] = [];
  const notes: string[] = [];
  for (const name of readdirSync(folder).toSorted()) {
    // `latest` is a link to another folder of the same directory.
    if (lstatSync(join(folder, name)).isSymbolicLink()) continue;
    const path = documentIn(folder, name, cwd);
    if (path === undefined) {
      const state = stateOf(join(folder, name));
      const shown = relative(cwd, join(folder, name));
      if (state === 'killed')
        notes.push(`left out: ${shown} was killed; npx jarvis-load report ${shown} makes its document`);
      if (state === 'on') notes.push(`left out: ${shown} ${STILL_ON}`);
      continue;
    }
    const shown = relative(cwd, path) || path;
    try {
      runs.push(parseResult(readFileSync(path, 'utf8'), shown));
    } catch (error) {
      if (!(error instanceof ReporterError)) throw unreadableRun(shown, error);
      notes.push(`left out: ${error.message}`);
    }
  }
  return { runs: runs.toSorted(byStart), notes };
}

/** The document of a run. @throws CliError exit 2 for one that cannot be read */
function documentIn(folder: string, name: string, cwd: string): string | undefined {
  try {
    return documentOf(join(folder, name));
  } catch (error) {
    throw unreadableRun(relative(cwd, join(folder, name)), error);
  }
}

const STILL_ON =
  'has no document, or one of its first seconds alone, and its journal was written to in the last seconds: it may still be on';

/** Of a folder without a document of all its seconds: whether it is that of a run that was killed, or is on. */
function stateOf(folder: string): 'killed' | 'on' | 'none' {
  if (!existsSync(join(folder, JOURNAL_NAME)) || documentOf(folder) !== undefined) return 'none';
  return isStillWritten(join(folder, JOURNAL_NAME), Date.now()) ? 'on' : 'killed';
}

/** A folder without a document of its own. */
function folderOfRuns(path: string): string | undefined {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder && documentOf(path) === undefined ? path : undefined;
}

/** Equal for documents of one run. Made from a file of k6, the id is the name of the file, which many runs share. */
export function runKey({ run }: RunResult): string {
  return `${run.id} ${run.startedAt}`;
}

function byStart(a: RunResult, b: RunResult): number {
  return a.run.startedAt < b.run.startedAt ? -1 : 1;
}
