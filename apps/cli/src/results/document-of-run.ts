import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseResult, ReporterError } from '@jarvis-load/reporter';
import { JOURNAL_NAME } from './journal-format.ts';

/** Copying a folder may write the journal last: its time is then later by less than this. */
const COPIED_MS = 1000;

/**
 * Path of the document in a run's folder. Undefined where there is none, and where it was made of the journal beside it while the
 * run could still be on: the journal may have later seconds, and is the record of the run. A document that cannot be read counts
 * as one: whoever reads it says why.
 */
export function documentOf(directory: string): string | undefined {
  const [document, journal] = [join(directory, 'result.json'), join(directory, JOURNAL_NAME)];
  if (!existsSync(document)) return undefined;
  if (!existsSync(journal)) return document;
  try {
    const { run, notes } = parseResult(readFileSync(document, 'utf8'), document);
    if (run.end.kind !== 'interrupted') return document;
    const isProvisional = notes.some(({ code }) => code === 'journal-fresh');
    // A process that was halted writes on to a journal that did not look as if it were written.
    const laterMs = statSync(journal).mtimeMs - statSync(document).mtimeMs;
    return isProvisional || laterMs > COPIED_MS ? undefined : document;
  } catch (error) {
    if (error instanceof ReporterError) return document;
    throw error;
  }
}
