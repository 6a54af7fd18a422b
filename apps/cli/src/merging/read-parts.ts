import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import type { RunInfo } from '@jarvis-load/engine';
import type { PartRecord } from '@jarvis-load/engine/replay';
import { CliError } from '../cli-error.ts';
import { JOURNAL_NAME } from '../results/journal-format.ts';
import { unreadableRun } from '../results/locate-run.ts';
import { scanJournal } from '../results/scan-journal.ts';

/** A part as it was read. */
export interface ReadPart extends PartRecord {
  /** Why its record ends early; absent where it does not. */
  readonly damaged?: string;
}

/**
 * The records of the given runs: folders of runs, folders of such folders, or journals. A run that is also named by a link,
 * such as `latest`, is read once; results of earlier merges are skipped.
 *
 * @throws CliError exit 2 for a run without a record
 */
export async function readParts(given: readonly string[], cwd: string): Promise<readonly ReadPart[]> {
  const paths = [...new Set(given.flatMap((name) => journalsIn(name, cwd)))];
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
  if (!stats.isDirectory()) return basename(path) === JOURNAL_NAME ? [path] : [];
  const journal = join(path, JOURNAL_NAME);
  if (existsSync(journal)) return [journal];
  if (existsSync(join(path, 'result.json'))) throw noRecord(given);
  return readdirSync(path)
    .toSorted()
    .map((name) => join(path, name))
    .filter((folder) => existsSync(join(folder, JOURNAL_NAME)))
    .flatMap((folder) => journalsIn(folder, cwd));
}

async function readPart(path: string, shown: string): Promise<ReadPart> {
  let info: RunInfo | undefined;
  const snapshots: PartRecord['snapshots'][number][] = [];
  const { end, damaged } = await scanJournal(path, shown, {
    run: (head) => void (info = head),
    snapshot: (snapshot) => void snapshots.push(snapshot),
  });
  const part = info!.config['part'];
  return {
    name: typeof part === 'string' ? `part ${part}` : `run ${info!.runId}`,
    info: info!,
    snapshots,
    ...(end === undefined ? {} : { end }),
    ...(damaged === undefined ? {} : { damaged }),
  };
}

function noRecord(given: string): CliError {
  return new CliError({
    exit: 'usage',
    code: 'merge-input',
    problem: `${given} has no record that can be merged (${JOURNAL_NAME})`,
    expected: 'folders of runs that were made with --part, which keep their record',
    next: 'run the parts with load --part=1/2 --start-at=... --seed=..., then merge their folders',
  });
}
