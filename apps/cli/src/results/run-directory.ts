/**
 * The folders of results: one for each run, named by its id, and `latest`, which leads to the newest one.
 *
 * Must hold:
 * - Files are replaced atomically: a reader, or another run in the same folder, sees the old or the new one. Nothing else stays
 *   where that fails.
 * - When `writeViews` and `writeRun` return, the result document and its name are on the disk, as far as the file system can say
 *   so: the caller then deletes the journal, from which the document could be made.
 * - Only `prepareReportDirectory` makes a CliError of what the file system refuses. Callers of the others use `writeFailure`,
 *   except of `alsoInReportDirectory`, whose failure is a warning.
 */
import { reasonOf } from '@jarvis-load/engine/show';
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CliError } from '../cli-error.ts';
import type { ViewFile } from './select-views.ts';

/**
 * Creates one folder at a time: Node's recursive `mkdir` never returns on a file system that fails with ENOENT (/proc).
 */
function makeDirectories(absolute: string): void {
  if (statSync(absolute, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const parent = dirname(absolute);
  if (parent !== absolute) makeDirectories(parent);
  try {
    mkdirSync(absolute);
  } catch (error) {
    // Another run may have created it at the same time.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !statSync(absolute).isDirectory()) throw error;
  }
}

/**
 * Checks before the run that reports can be written.
 *
 * @returns the absolute directory
 * @throws CliError exit 2
 */
export function prepareReportDirectory(directory: string, cwd: string): string {
  const absolute = resolve(cwd, directory);
  try {
    makeDirectories(absolute);
    rmdirSync(mkdtempSync(join(absolute, '.write-test-')));
  } catch (cause) {
    throw new CliError({
      exit: 'usage',
      code: 'report-dir',
      problem: `report directory ${directory} cannot be written (${(cause as NodeJS.ErrnoException).code ?? reasonOf(cause)})`,
      expected: 'a directory in which jarvis-load may create files',
      next: 'choose another one with --report-dir',
      cause,
    });
  }
  return absolute;
}

/** Replaces a file or link atomically: a reader sees the old or the new one. */
function replace(path: string, create: (temporary: string) => void): void {
  const temporary = join(dirname(path), `.${process.pid}.${Math.random().toString(36).slice(2)}.tmp`);
  try {
    create(temporary);
    renameSync(temporary, path);
    // Renamed to a hard link of the same file, it stays (POSIX rename).
    rmSync(temporary, { force: true });
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw cause;
  }
}

/** Points `latest` at the newest run: a relative link, or a text file with its name if links are not supported. */
function pointLatest(reportDirectory: string, runId: string): void {
  const latest = join(reportDirectory, 'latest');
  try {
    replace(latest, (temporary) => symlinkSync(runId, temporary, 'dir'));
  } catch {
    // A folder of that name stays; a link to the run before does not.
    if (lstatSync(latest, { throwIfNoEntry: false })?.isDirectory() !== true)
      replace(latest, (temporary) => writeFileSync(temporary, `${runId}\n`));
  }
}

/** The document of a run, which all other files are made from. */
const DOCUMENT = 'result.json';
/** Of a file system without fsync. */
const NO_SYNC: ReadonlySet<string | undefined> = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** Waits until what was written is on the disk, where the file system can say so. @throws what went wrong in writing it */
export function syncFile(file: number): void {
  try {
    fsyncSync(file);
  } catch (error) {
    // Some network file systems have no fsync; the file is written as any other there.
    if (!NO_SYNC.has((error as NodeJS.ErrnoException).code)) throw error;
  }
}

function writeSynced(path: string, content: ViewFile['content']): void {
  const file = openSync(path, 'w');
  try {
    writeFileSync(file, content);
    syncFile(file);
  } finally {
    closeSync(file);
  }
}

/** Waits until the entries of a folder are on the disk; not every system can open one (Windows). */
function syncFolder(path: string): void {
  let folder: number;
  try {
    folder = openSync(path, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(folder);
  } catch {
    // Some network file systems cannot; the file itself is written.
  } finally {
    closeSync(folder);
  }
}

/**
 * Writes files into a directory, each atomically and as the iterable makes it. Returns their paths.
 * @throws the first error of making or writing one; the files before it stay
 */
export function writeViews(directory: string, views: Iterable<ViewFile>): readonly string[] {
  makeDirectories(directory);
  const written: string[] = [];
  for (const { fileName, content } of views) {
    const path = join(directory, fileName);
    const isDocument = fileName === DOCUMENT;
    replace(path, (temporary) => (isDocument ? writeSynced : writeFileSync)(temporary, content));
    // The folder may be new, too.
    if (isDocument) for (const folder of [directory, dirname(directory)]) syncFolder(folder);
    written.push(path);
  }
  return written;
}

/** Writes the views of a run into its own folder and points `latest` at it. Returns the paths. */
export function writeRun(
  reportDirectory: string,
  runId: string,
  views: Iterable<ViewFile>,
): readonly string[] {
  const written = writeViews(join(reportDirectory, runId), views);
  pointLatest(reportDirectory, runId);
  return written;
}

/**
 * Also makes files of a run's folder available in the report directory, under the same name, where the old suite wrote
 * them and users' scripts expect them. Hard links if the file system supports them, otherwise copies.
 */
export function alsoInReportDirectory(
  reportDirectory: string,
  runId: string,
  names: readonly string[],
): void {
  for (const name of names) {
    const [file, path] = [join(reportDirectory, runId, name), join(reportDirectory, name)];
    if (!existsSync(file)) continue;
    try {
      replace(path, (temporary) => linkSync(file, temporary));
    } catch {
      replace(path, (temporary) => copyFileSync(file, temporary));
    }
  }
}
