import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseResult, VIEWS } from '@jarvis-load/reporter';
import { historyOfResult, type ArchivedRun, type LiveArchive } from '@jarvis-load/live';

/** Runs that the page lists. */
const MOST_RUNS = 50;
const MOST_CACHED = 200;
/** Folders that `newRunId` names. */
const RUN_ID = /^\d{8}-\d{6}-[\da-f]{4}$/;
const FILES: ReadonlySet<string> = new Set(Object.keys(VIEWS));
const ALSO_FILES = /^[\w.-]+\.(hgrm|hlog)$/;

/** Files of a run that may be downloaded; names come from the folder, never from a request. */
function filesOf(directory: string): string[] {
  return readdirSync(directory).filter((name) => FILES.has(name) || ALSO_FILES.test(name));
}

/** The results folder. */
export interface RunArchive extends LiveArchive {
  /** Files of a run that may be downloaded. */
  readonly files: (runId: string) => readonly string[];
}

/** The results folder, for the page: downloads by exact names, summaries of the newest runs. */
export function runArchive(reportDirectory: string): RunArchive {
  const summaries = new Map<string, { readonly changedMs: number; readonly run: ArchivedRun }>();

  /** Names in the folder: what a request names is compared with them, never joined to a path. */
  const ids = (): string[] => {
    try {
      return readdirSync(reportDirectory).filter((name) => RUN_ID.test(name));
    } catch {
      return []; // There is no run yet.
    }
  };
  const summary = (runId: string): ArchivedRun | undefined => {
    const directory = join(reportDirectory, runId);
    try {
      const path = join(directory, 'result.json');
      const changedMs = statSync(path).mtimeMs;
      const known = summaries.get(runId);
      if (known?.changedMs === changedMs) return known.run;
      const { run, target, verdict, totals } = parseResult(readFileSync(path, 'utf8'), path);
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
      return undefined; // No document, or one that cannot be read: `report` says why.
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
    history(runId) {
      if (!files(runId).includes('result.json')) return undefined;
      const path = join(reportDirectory, runId, 'result.json');
      return historyOfResult(parseResult(readFileSync(path, 'utf8'), path));
    },
    read: (runId, file) =>
      files(runId).includes(file) ? readFileSync(join(reportDirectory, runId, file)) : undefined,
  };
}
