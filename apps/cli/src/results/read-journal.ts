import { createReadStream, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { EngineError, type RunEnd } from '@jarvis-load/engine';
import { parseRunEnd, parseRunInfo, parseSnapshot, Replay } from '@jarvis-load/engine/replay';
import type { ResultNote, RunResult } from '@jarvis-load/engine/result';
import { CliError } from '../cli-error.ts';
import { readJournalLine } from './journal-format.ts';

/** A journal that was written to so recently may belong to a run that is still on. */
const STILL_ON_MS = 5000;

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
 * The document of a run from its journal. Without the line of its end the run was killed: everything up to the last
 * whole second counts, and the run is not valid.
 *
 * @param given as the user named it, for errors
 * @throws CliError exit 2 for a file without the head of a run, or of another version
 */
export async function readJournal(path: string, given: string, nowMs: number): Promise<RunResult> {
  const age = nowMs - statSync(path).mtimeMs;
  let replay: Replay | undefined;
  let end: RunEnd | undefined;
  let number = 0;
  let damaged: string | undefined;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    number++;
    const read = readJournalLine(line);
    try {
      if (replay === undefined) {
        if (read?.part !== 'run') throw unusable(given, 'is no journal of a run');
        replay = new Replay(parseRunInfo(read.text));
      } else if (read?.part === 'snapshot') {
        replay.add(parseSnapshot(read.text));
      } else if (read?.part === 'end') {
        end = parseRunEnd(read.text);
      } else {
        damaged = `line ${number} is cut or damaged`;
      }
    } catch (cause) {
      if (!(cause instanceof EngineError)) throw cause;
      if (replay === undefined) throw unusable(given, `cannot be read: ${cause.message}`, cause);
      damaged = `line ${number}: ${cause.message}`;
    }
    // What follows a damaged second cannot be counted: which one it was is not known.
    if (damaged !== undefined || end !== undefined) break;
  }
  if (replay === undefined) throw unusable(given, 'is empty: the run was killed before it was written');
  const result = replay.result(end);
  const notes: ResultNote[] = [];
  if (damaged !== undefined) {
    notes.push({ level: 'warning', code: 'journal-cut', text: `${damaged}; what follows is left out` });
  }
  if (end === undefined && age < STILL_ON_MS) {
    const text = 'the journal was written to in the last seconds: the run may still be on';
    notes.push({ level: 'warning', code: 'journal-fresh', text });
  }
  return notes.length === 0 ? result : { ...result, notes: [...result.notes, ...notes] };
}
