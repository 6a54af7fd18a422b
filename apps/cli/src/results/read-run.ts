import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { RunResult } from '@jarvis-load/engine/result';
import { parseResult } from '@jarvis-load/reporter';
import { JOURNAL_NAME } from './journal-format.ts';
import { readJournal } from './read-journal.ts';

/**
 * A run from what `locateRun` found: its document, or the journal of a run that was killed.
 *
 * @param given as the user named it, for errors
 * @throws CliError exit 2, or ReporterError, for a file of something else
 */
export async function readRun(path: string, given: string): Promise<RunResult> {
  if (basename(path) === JOURNAL_NAME) return readJournal(path, given, Date.now());
  return parseResult(readFileSync(path, 'utf8'), given);
}
