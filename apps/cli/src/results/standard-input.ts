import { createWriteStream, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { usageError } from '../cli-error.ts';
import { headOfFile, isJournal } from './head-of-file.ts';
import { JOURNAL_NAME } from './journal-format.ts';

/** What stands for standard input in place of a path. */
export const STANDARD_INPUT = '-';

/** Standard input as a file. */
export interface InputFile {
  readonly path: string;
  /** The caller removes the file on every path, after it has read it for the last time. */
  readonly remove: () => void;
}

/**
 * Keeps standard input in a folder for temporary files under the name that its content has elsewhere: inputs are read more
 * than once, and a gigabyte of samples does not fit into memory.
 *
 * @throws CliError exit 2 when nothing is piped into the command
 */
export async function fileOfInput(
  input: (Readable & { readonly isTTY?: boolean }) | undefined,
): Promise<InputFile> {
  if (input === undefined || input.isTTY === true) {
    throw usageError(
      'report-input',
      'report -: nothing is piped into the command',
      'a run on standard input',
      'cat result.json | npx jarvis-load report -',
    );
  }
  const folder = mkdtempSync(join(tmpdir(), 'jarvis-load-input-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const raw = join(folder, 'input');
    await pipeline(input, createWriteStream(raw, { mode: 0o600 }));
    const path = join(folder, nameFor(raw));
    renameSync(raw, path);
    return { path, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function nameFor(path: string): string {
  if (headOfFile(path).startsWith('\x1f\x8b')) return 'standard-input.json.gz';
  return isJournal(path) ? JOURNAL_NAME : 'standard-input.json';
}
