import { createReadStream } from 'node:fs';
import { EngineError, type RunEnd, type RunInfo } from '@jarvis-load/engine';
import { parseRunEnd, parseRunInfo, parseSnapshot, unpackSnapshot } from '@jarvis-load/engine/replay';
import { CliError } from '../cli-error.ts';
import { JournalDecoder } from './journal-format.ts';

type Snapshot = ReturnType<typeof parseSnapshot>;

/**
 * What takes the lines of a journal: `run` once, before all others. An EngineError of `run` makes the file unusable; one of
 * `snapshot` makes its line a damaged one, where reading ends.
 */
export interface JournalReader {
  readonly run: (info: RunInfo) => void;
  readonly snapshot: (snapshot: Snapshot) => void;
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
  for await (const line of linesOf(path)) {
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

/** The first seconds of a journal that {@link scanJournal} has read, as they are asked for. */
export async function* snapshotsOfJournal(path: string, count: number): AsyncGenerator<Snapshot, void> {
  const lines = new JournalDecoder();
  let left = count;
  for await (const line of linesOf(path)) {
    if (left <= 0) return;
    const read = lines.read(line);
    if (read?.part === 'second') yield unpackSnapshot(read);
    else if (read?.part === 'snapshot') yield parseSnapshot(read.text);
    else continue;
    left--;
  }
}

/** The lines of a file. One piece of it is in memory, also while nobody asks for the next line (readline would read ahead). */
async function* linesOf(path: string): AsyncGenerator<string, void> {
  let rest = '';
  for await (const piece of createReadStream(path, 'utf8')) {
    const lines = (rest + String(piece)).split(/\r?\n/);
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
