import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { EngineError, type RunInfo } from '@jarvis-load/engine';
import { parseRunInfo } from '@jarvis-load/engine/replay';
import type { Format } from '../options/formats.ts';
import { documentOf } from './document-of-run.ts';
import { LOG_NAME } from './interval-log.ts';
import { JOURNAL_NAME, JournalDecoder } from './journal-format.ts';
import { isStillWritten, readJournal } from './read-journal.ts';
import { writeViews } from './run-directory.ts';
import { writeFailure } from './write-failure.ts';
import { renderViews } from './select-views.ts';

/** Bytes of the first line of a journal: it has the names of all operations and thresholds. */
const MOST_HEAD_BYTES = 1_000_000;

/** Path of the journal that a killed run left in its folder; undefined: it has a document of all of it, or is still on. */
export function cutOffJournal(directory: string): string | undefined {
  const path = join(directory, JOURNAL_NAME);
  if (!existsSync(path) || documentOf(directory) !== undefined) return undefined;
  return isStillWritten(path, Date.now()) ? undefined : path;
}

/** The head of a run, without reading its seconds; undefined where the file begins otherwise. @throws the error of the file system */
export function headOfJournal(path: string): RunInfo | undefined {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(Math.min(statSync(path).size, MOST_HEAD_BYTES));
    const [line = ''] = buffer.toString('utf8', 0, readSync(file, buffer)).split('\n', 1);
    const read = new JournalDecoder().read(line);
    return read?.part === 'run' ? parseRunInfo(read.text) : undefined;
  } catch (error) {
    if (error instanceof EngineError) return undefined;
    throw error;
  } finally {
    closeSync(file);
  }
}

/**
 * Writes document and reports of a run that was killed, from its journal, as the command `report` does. The journal stays.
 * @throws CliError for a journal that cannot be read, or reports that cannot be written
 */
export async function writeCutOffRun(journal: string, formats: readonly Format[] | undefined): Promise<void> {
  const directory = join(journal, '..');
  const result = await readJournal(journal, basename(directory), Date.now());
  try {
    writeViews(directory, renderViews(result, formats, { logged: existsSync(join(directory, LOG_NAME)) }));
  } catch (cause) {
    throw writeFailure('the reports', directory, cause, 'make room there');
  }
}
