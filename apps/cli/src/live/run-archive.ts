/**
 * The results folder, for the page: downloads by exact names, summaries of the newest runs, runs that it shows.
 *
 * Must hold:
 * - Run ids and file names of a request are compared with the names in the folder before a path is made of them.
 * - Only folders with a name of `newRunId` are runs: reports of merges, searches and repetitions are not listed.
 * - To show a run that was killed writes its document and reports; not while a process may still write its journal.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseResult, ReporterError, VIEWS } from '@jarvis-load/reporter';
import {
  historyOfResult,
  LiveError,
  shownRun,
  type ArchivedRun,
  type LiveArchive,
  type ShownRun,
} from '@jarvis-load/live';
import { CliError } from '../cli-error.ts';
import type { Format } from '../options/formats.ts';
import { cutOffJournal, headOfJournal, writeCutOffRun } from '../results/cut-off-run.ts';
import { documentOf } from '../results/document-of-run.ts';
import { JOURNAL_NAME } from '../results/journal-format.ts';
import { STILL_ON_MS } from '../results/read-journal.ts';
import { REPORT_WORDING } from './report-wording.ts';

/** Runs that the page lists. */
const MOST_RUNS = 50;
const MOST_CACHED = 200;
/** Folders that `newRunId` names. */
const RUN_ID = /^\d{8}-\d{6}-[\da-f]{4}$/;
const FILES: ReadonlySet<string> = new Set(Object.keys(VIEWS));
const ALSO_FILES = /^[^./\\][^/\\]*\.(hgrm|hlog)$/u;

/** Files of a run that may be downloaded; names come from the folder, never from a request. */
function filesOf(directory: string): string[] {
  return readdirSync(directory).filter((name) => FILES.has(name) || ALSO_FILES.test(name));
}

/** A run whose process was killed, before anybody made its report. */
function cutOffSummary(runId: string, directory: string): ArchivedRun | undefined {
  const journal = cutOffJournal(directory);
  const head = journal === undefined ? undefined : headOfJournal(journal);
  if (head === undefined) return undefined;
  return {
    runId,
    startedAt: new Date(head.preparedWallMs).toISOString(),
    target: head.target.name,
    verdict: 'cut-off',
    requests: null,
    p95Ms: null,
    files: [],
  };
}

/**
 * Makes document and reports of a run that was killed. A process that was killed a moment ago looks like one that still
 * writes, so that this waits some seconds.
 *
 * @throws LiveError 409 if the journal still grows
 */
async function completeRun(directory: string, formats: readonly Format[] | undefined): Promise<void> {
  const size = (): number => statSync(join(directory, JOURNAL_NAME)).size;
  const before = size();
  if (cutOffJournal(directory) === undefined) await pause(STILL_ON_MS);
  const journal = cutOffJournal(directory);
  if (journal === undefined || size() !== before)
    throw new LiveError(409, 'still-on', 'Another process still writes this run', 'Wait for its end');
  await writeCutOffRun(journal, formats);
}

/** The results folder. */
export interface RunArchive extends LiveArchive {
  /** Files of a run that may be downloaded. */
  readonly files: (runId: string) => readonly string[];
}

/**
 * The results folder for the page.
 * @param formats of the reports of a run that was cut off @default those of a run
 */
export function runArchive(reportDirectory: string, formats?: readonly Format[]): RunArchive {
  const summaries = new Map<string, { readonly changedMs: number; readonly run: ArchivedRun }>();

  /** Names in the folder, with which the run id of a request is compared first. */
  const ids = (): string[] => {
    try {
      return readdirSync(reportDirectory).filter((name) => RUN_ID.test(name));
    } catch {
      return []; // There is no run yet.
    }
  };
  const document = (runId: string) => {
    const path = join(reportDirectory, runId, 'result.json');
    return parseResult(readFileSync(path, 'utf8'), path);
  };
  const summary = (runId: string): ArchivedRun | undefined => {
    const directory = join(reportDirectory, runId);
    try {
      const changedMs = statSync(join(directory, 'result.json'), { throwIfNoEntry: false })?.mtimeMs;
      const known = summaries.get(runId);
      // Views may have been added since, which leaves the document as it was.
      if (known !== undefined && known.changedMs === changedMs)
        return { ...known.run, files: filesOf(directory) };
      if (changedMs === undefined || documentOf(directory) === undefined)
        return cutOffSummary(runId, directory);
      const { run, target, verdict, totals } = document(runId);
      const archived: ArchivedRun = {
        runId,
        startedAt: run.startedAt,
        target: target.name,
        verdict: verdict.status,
        requests: totals.requests,
        p95Ms: totals.responseTime.percentiles.p95,
        files: filesOf(directory),
      };
      if (summaries.size >= MOST_CACHED) summaries.clear();
      summaries.set(runId, { changedMs, run: archived });
      return archived;
    } catch {
      return undefined; // It cannot be read: `report` says why.
    }
  };
  const files = (runId: string): string[] =>
    ids().includes(runId) ? filesOf(join(reportDirectory, runId)) : [];
  return {
    list: () =>
      ids()
        .sort((a, b) => b.localeCompare(a))
        .slice(0, MOST_RUNS)
        .flatMap((runId) => summary(runId) ?? []),
    files,
    history: (runId) =>
      ids().includes(runId) && documentOf(join(reportDirectory, runId)) !== undefined
        ? historyOfResult(document(runId), REPORT_WORDING)
        : undefined,
    async show(runId): Promise<ShownRun | undefined> {
      if (!ids().includes(runId)) return undefined;
      const directory = join(reportDirectory, runId);
      try {
        if (documentOf(directory) === undefined) {
          if (!existsSync(join(directory, JOURNAL_NAME))) return undefined;
          await completeRun(directory, formats);
        }
        return shownRun(document(runId), filesOf(directory), REPORT_WORDING);
      } catch (error) {
        if (error instanceof CliError || error instanceof ReporterError)
          throw new LiveError(422, 'unreadable', error.message, `npx jarvis-load report ${runId} says more`);
        throw error;
      }
    },
    read: (runId, file) =>
      files(runId).includes(file) ? readFileSync(join(reportDirectory, runId, file)) : undefined,
  };
}
