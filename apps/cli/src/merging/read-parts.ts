import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { RunInfo } from '@jarvis-load/engine';
import { Replay, type PartRecord } from '@jarvis-load/engine/replay';
import type { ResultNote, RunResult } from '@jarvis-load/engine/result';
import { parseResult } from '@jarvis-load/reporter';
import { CliError } from '../cli-error.ts';
import { isJournal } from '../results/head-of-file.ts';
import { JOURNAL_NAME } from '../results/journal-format.ts';
import { unreadableRun } from '../results/locate-run.ts';
import { scanJournal, snapshotsOfJournal } from '../results/scan-journal.ts';

/** A part as it was read. */
export interface ReadPart extends PartRecord {
  /** Of its journal, for messages: seen from the working directory, links resolved. */
  readonly folder: string;
  /** Seconds in its record; 0: it ended before its load began. */
  readonly seconds: number;
  /** Of its clock, milliseconds since the epoch. */
  readonly startWallMs: number;
  readonly endWallMs: number;
  /** Its document, as far as the merged one tells of it. */
  readonly own: Pick<RunResult, 'run' | 'target' | 'verdict' | 'health' | 'totals' | 'environment'>;
  /** What its outputs lost at the end: in its document alone, as they end after its record. */
  readonly lateNotes: readonly ResultNote[];
  /** Why reading its record ended early; absent where it did not, also for a killed part. */
  readonly damaged?: string;
}

/**
 * The records of the given runs: folders of runs, folders of such folders, journals, or documents beside them. A run that is also
 * named by a link, such as `latest`, is read once; results of earlier merges are skipped.
 *
 * Must hold:
 * - The journals stay as they are until the parts are merged: their seconds are read a second time then.
 * - Names are `part 2/3` or `run <id>`: `mergeParts` finds the missing parts by them.
 *
 * @throws CliError exit 2 for a run without a record, and for whatever else of `given` has none
 */
export async function readParts(given: readonly string[], cwd: string): Promise<readonly ReadPart[]> {
  const paths = [...new Set(given.flatMap((name) => journalsIn(name, cwd)))];
  // Results of earlier merges alone.
  if (paths.length === 0) throw noRecord(given.join(' '));
  const parts: ReadPart[] = [];
  for (const path of paths) parts.push(await readPart(path, relative(cwd, path) || path));
  return parts;
}

function journalsIn(given: string, cwd: string): string[] {
  const named = resolve(cwd, given);
  const stats = statSync(named, { throwIfNoEntry: false });
  if (stats === undefined) throw unreadableRun(given, { code: 'ENOENT' });
  const path = realpathSync(named);
  if (basename(path).startsWith('merged-')) return [];
  if (!stats.isDirectory()) return [journalOf(path, given)];
  const journal = join(path, JOURNAL_NAME);
  if (existsSync(journal)) return [journal];
  if (existsSync(join(path, 'result.json'))) throw noRecord(given);
  const folders = readdirSync(path)
    .toSorted()
    .map((name) => join(path, name))
    .filter((folder) => existsSync(join(folder, JOURNAL_NAME)));
  if (folders.length === 0) throw noRecord(given);
  return folders.flatMap((folder) => journalsIn(folder, cwd));
}

/** The journal that a file is, or that lies beside a document; `latest` is a text file where links are not supported. */
function journalOf(path: string, given: string): string {
  try {
    if (isJournal(path)) return path;
    const folder = basename(path) === 'latest' ? folderOfLatest(path) : dirname(path);
    const beside = join(folder, JOURNAL_NAME);
    if (['result.json', 'latest'].includes(basename(path)) && existsSync(beside)) return realpathSync(beside);
  } catch (cause) {
    throw unreadableRun(given, cause);
  }
  throw noRecord(given);
}

/** The folder of the run that the text file `latest` names. */
function folderOfLatest(latest: string): string {
  return join(dirname(latest), readFileSync(latest, 'utf8').trim());
}

/** Reads a part for its own facts; its seconds are read again when it is merged, so that many parts fit into memory. */
async function readPart(path: string, shown: string): Promise<ReadPart> {
  let run: { readonly info: RunInfo; readonly replay: Replay } | undefined;
  const seen = { count: 0, startWallMs: Number.NaN, endMs: 0 };
  const { end, damaged } = await scanJournal(path, shown, {
    run: (info) => void (run = { info, replay: new Replay(info) }),
    snapshot: (snapshot) => {
      run!.replay.add(snapshot);
      seen.count++;
      seen.startWallMs = snapshot.startWallMs;
      seen.endMs = snapshot.endMs;
    },
  });
  const { info, replay } = run!;
  const part = info.config['part'];
  const startWallMs = seen.count === 0 ? info.preparedWallMs : seen.startWallMs;
  const { run: ran, target, verdict, health, totals, environment, notes } = replay.result(end);
  return {
    name: typeof part === 'string' ? `part ${part}` : `run ${info.runId}`,
    folder: dirname(shown),
    info,
    seconds: seen.count,
    startWallMs,
    endWallMs: startWallMs + seen.endMs,
    own: { run: ran, target, verdict, health, totals, environment },
    lateNotes: lateNotes(dirname(path), info.runId, notes),
    snapshots: { [Symbol.asyncIterator]: () => snapshotsOfJournal(path, seen.count) },
    ...(end === undefined ? {} : { end }),
    ...(damaged === undefined ? {} : { damaged }),
  };
}

/** Notes on outputs in the document beside a journal that its record has not. No document, or that of another run: none. */
function lateNotes(folder: string, runId: string, known: readonly ResultNote[]): readonly ResultNote[] {
  const path = join(folder, 'result.json');
  if (!existsSync(path)) return [];
  try {
    const { run, notes } = parseResult(readFileSync(path, 'utf8'), path);
    if (run.id !== runId) return [];
    return notes.filter(
      ({ code, text }) => code === 'output-failed' && !known.some((note) => note.text === text),
    );
  } catch {
    // The record says what was measured; a document that is damaged adds nothing to it.
    return [];
  }
}

function noRecord(given: string): CliError {
  return new CliError({
    exit: 'usage',
    code: 'merge-input',
    problem: `${given} has no record that can be merged (${JOURNAL_NAME})`,
    expected: 'folders of runs that keep their record: of load --part, or of workers of a Locust master',
    next: 'run the parts with load --part=1/2 --start-at=... --seed=..., or workers without --no-journal, then merge their folders',
  });
}
