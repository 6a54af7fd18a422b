import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { EngineError, type RunEnd, type RunInfo } from '@jarvis-load/engine';
import { parseRunEnd, parseRunInfo, parseSnapshot, unpackSnapshot } from '@jarvis-load/engine/replay';
import { CliError } from '../cli-error.ts';
import { JournalDecoder } from './journal-format.ts';

/** What takes the lines of a journal; both may throw an EngineError. */
export interface JournalReader {
  readonly run: (info: RunInfo) => void;
  readonly snapshot: (snapshot: ReturnType<typeof parseSnapshot>) => void;
}

function unusable(given: string, problem: string, cause?: unknown): CliError {
  return new CliError({
    exit: 'usage',
    code: 'report-input',
    problem: `${given} ${problem}`,
    expected: 'the journal of a run that jarvis-load load wrote; its first line is the head of the run',
    cause,
  });
}

/**
 * Reads a journal line by line, up to its end or to the first damaged line.
 *
 * @param given as the user named it, for errors
 * @returns the end of the run, absent where it was killed; why reading ended early, absent where it did not
 * @throws CliError exit 2 for a file without the head of a run, or of another version
 */
export async function scanJournal(
  path: string,
  given: string,
  reader: JournalReader,
): Promise<{ readonly end: RunEnd | undefined; readonly damaged: string | undefined }> {
  const lines = new JournalDecoder();
  let started = false;
  let end: RunEnd | undefined;
  let number = 0;
  let damaged: string | undefined;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    number++;
    const read = lines.read(line);
    try {
      if (!started) {
        if (read?.part !== 'run') throw unusable(given, 'is no journal of a run');
        reader.run(parseRunInfo(read.text));
        started = true;
      } else if (read?.part === 'second') {
        reader.snapshot(unpackSnapshot(read));
      } else if (read?.part === 'snapshot') {
        reader.snapshot(parseSnapshot(read.text));
      } else if (read?.part === 'end') {
        end = parseRunEnd(read.text);
      } else {
        damaged = `line ${number} is cut or damaged`;
      }
    } catch (cause) {
      if (!(cause instanceof EngineError)) throw cause;
      if (!started) throw unusable(given, `cannot be read: ${cause.message}`, cause);
      damaged = `line ${number}: ${cause.message}`;
    }
    // What follows a damaged second cannot be counted: which one it was is not known.
    if (damaged !== undefined || end !== undefined) break;
  }
  if (!started) throw unusable(given, 'is empty: the run was killed before it was written');
  return { end, damaged };
}
