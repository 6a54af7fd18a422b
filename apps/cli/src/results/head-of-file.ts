import { closeSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { JOURNAL_NAME } from './journal-format.ts';

/** Long enough for the signatures that are told apart. */
const HEAD_BYTES = 14;

/** The first bytes of a file, at most 14, as Latin-1; none of a pipe, which is read once. @throws the error of the file system */
export function headOfFile(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(HEAD_BYTES);
    return bytes.toString('latin1', 0, readSync(file, bytes, 0, HEAD_BYTES, 0));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESPIPE') return '';
    throw error;
  } finally {
    closeSync(file);
  }
}

/** Whether a file is the journal of a run: by its content, as one that was collected may have another name. */
export function isJournal(path: string): boolean {
  return basename(path) === JOURNAL_NAME || headOfFile(path).startsWith('{"run":{');
}

/** Whether a file is what `--out ndjson=<file>` wrote, which has rows of a run and not its record. */
export function isExportedLines(path: string): boolean {
  return headOfFile(path).startsWith('{"type":"run"');
}
