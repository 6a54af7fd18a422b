import { statSync } from 'node:fs';
import type { RunInfo } from '@jarvis-load/engine';
import { Replay } from '@jarvis-load/engine/replay';
import type { ResultNote, RunResult } from '@jarvis-load/engine/result';
import { scanJournal } from './scan-journal.ts';

/** A journal that was written to so recently may belong to a run that is still on. */
export const STILL_ON_MS = 5000;

/** Whether a process may still be writing this journal. */
export function isStillWritten(path: string, nowMs: number): boolean {
  return nowMs - statSync(path).mtimeMs < STILL_ON_MS;
}

/**
 * The document of a run from its journal. Without the line of its end the run was killed: everything up to the last
 * whole second counts, and the run is not valid.
 *
 * @param given as the user named it, for errors
 * @throws CliError exit 2 for a file without the head of a run, or of another version
 */
export async function readJournal(path: string, given: string, nowMs: number): Promise<RunResult> {
  const isFresh = isStillWritten(path, nowMs);
  const { replay, end, damaged } = await replayOf(path, given);
  const result = replay.result(end);
  const notes: ResultNote[] = [];
  if (damaged !== undefined) {
    notes.push({ level: 'warning', code: 'journal-cut', text: `${damaged}; what follows is left out` });
  }
  if (end === undefined && isFresh) {
    const text = 'the journal was written to in the last seconds: the run may still be on';
    notes.push({ level: 'warning', code: 'journal-fresh', text });
  }
  return notes.length === 0 ? result : { ...result, notes: [...result.notes, ...notes] };
}

/**
 * The document of a run that this program has on, up to the last whole second of its journal.
 * @throws CliError exit 2 before the head of the run is written
 */
export async function readJournalSoFar(path: string, given: string): Promise<RunResult> {
  // The last line may be cut, as it is being written.
  const { replay, end } = await replayOf(path, given);
  return end === undefined ? replay.resultSoFar() : replay.result(end);
}

async function replayOf(path: string, given: string) {
  let replay: Replay | undefined;
  const scanned = await scanJournal(path, given, {
    run: (info: RunInfo) => void (replay = new Replay(info)),
    snapshot: (snapshot) => replay!.add(snapshot),
  });
  return { replay: replay!, ...scanned };
}
