import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { summaryNamesOf } from '@jarvis-load/k6-scenarios';
import { isK6Summary } from '@jarvis-load/reporter/ingest';
import type { RunResult } from '@jarvis-load/engine/result';
import { usageError } from '../cli-error.ts';
import { looksLikeK6 } from '../k6/k6-file.ts';
import { JOURNAL_NAME } from '../results/journal-format.ts';
import { unreadableRun } from '../results/locate-run.ts';
import { refuseK6Facts } from '../results/read-run.ts';
import { newRunId } from '../results/run-id.ts';
import { mergeParts } from './merge-parts.ts';
import { mergeRunners } from './merge-runners.ts';
import { readParts } from './read-parts.ts';
import { runnerFiles } from './runner-files.ts';
import type { MergeOptions } from './merge-options.ts';

/** A larger file is no summary of k6. */
const LARGEST_SUMMARY_BYTES = 16 * 2 ** 20;

/**
 * One document of the parts of one run: folders of `load --part` or of workers of a Locust master, their journals, or the samples that
 * runners of k6 wrote.
 * A folder stands for the runs or sample files in it; a summary of k6 beside its samples is used for its thresholds. The caller
 * writes the document; its id begins with `merged-`, by which `readParts` skips earlier results.
 *
 * @throws CliError exit 2 for what cannot be merged, by name
 */
export async function mergeRuns(
  given: readonly string[],
  options: MergeOptions,
  cwd: string,
): Promise<RunResult> {
  const runId = `merged-${newRunId(new Date())}`;
  const { samples, summaries, runs } = sortOut(given, cwd);
  const shown = (path: string): string => relative(cwd, path) || path;
  const beside = new Set(
    samples.flatMap((path) => summaryNamesOf(basename(path)).map((name) => join(dirname(path), name))),
  );
  const alone = summaries.find((path) => !beside.has(path));
  if (alone !== undefined) {
    throw usageError(
      'merge-input',
      `${shown(alone)} is a summary of k6 without its samples, and the percentiles of summaries do not add up`,
      'the samples of each runner: k6 run --out json=<file> or --out csv=<file>',
      `for this runner alone: report ${shown(alone)}`,
    );
  }
  if (samples.length === 0) {
    refuseK6Facts({ exitCode: options.exitCode, strictTyped: options.strictTyped }, given[0]!);
    return mergeParts(runId, await readParts(runs, cwd), options.allowMissing);
  }
  if (runs.length > 0) {
    throw usageError(
      'merge-input',
      `${shown(samples[0]!)} holds samples of k6, and ${runs[0]} does not`,
      'parts of one run, all made by the same tool',
      'merge them apart',
    );
  }
  return mergeRunners(runId, runnerFiles(samples, cwd), options);
}

/** Absolute paths of samples and summaries of k6, each once; everything else as it was given. */
function sortOut(given: readonly string[], cwd: string) {
  const samples = new Set<string>();
  const summaries = new Set<string>();
  const runs: string[] = [];
  const add = (path: string): boolean => {
    const real = realpathSync(path);
    if (startsLikeK6(real, path, cwd)) return samples.add(real).size > 0;
    return isSummary(real) && summaries.add(real).size > 0;
  };
  for (const name of given) {
    const path = resolve(cwd, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    const found =
      stats?.isDirectory() === true
        ? holdsSamples(path, cwd) && filesIn(path).filter((file) => add(file)).length > 0
        : stats?.isFile() === true && add(path);
    if (!found) runs.push(name);
  }
  return { samples: [...samples], summaries: [...summaries], runs };
}

/** @throws CliError exit 2 for a file that cannot be opened */
function startsLikeK6(real: string, path: string, cwd: string): boolean {
  try {
    return looksLikeK6(real);
  } catch (cause) {
    throw unreadableRun(relative(cwd, path), cause);
  }
}

/**
 * Whether what is of k6 in a folder is taken: it has samples, or no run of this engine in it or one level below. Reports beside samples
 * have no record, and are left out.
 *
 * @throws CliError exit 2 where there are records of runs beside samples: one of both would be left out
 */
function holdsSamples(folder: string, cwd: string): boolean {
  const within = (file: string): string | undefined =>
    ['', ...readdirSync(folder)].map((name) => join(folder, name, file)).find((path) => existsSync(path));
  const samples = filesIn(folder).find((path) => startsLikeK6(realpathSync(path), path, cwd));
  const record = within(JOURNAL_NAME);
  if (samples === undefined) return record === undefined && within('result.json') === undefined;
  if (record === undefined) return true;
  throw usageError(
    'merge-input',
    `${relative(cwd, samples)} holds samples of k6, and ${relative(cwd, record)} is the record of a run of this engine`,
    'parts of one run, all made by the same tool',
    'name the folders of the runs, or the files of samples, and not the folder that holds both',
  );
}

function filesIn(folder: string): string[] {
  return readdirSync(folder)
    .toSorted()
    .map((name) => join(folder, name))
    .filter(
      (path) =>
        statSync(path, { throwIfNoEntry: false })?.isFile() === true &&
        /\.(?:json|csv|ndjson)(?:\.gz)?$/.test(path),
    );
}

function isSummary(path: string): boolean {
  if (!path.endsWith('.json') || statSync(path).size > LARGEST_SUMMARY_BYTES) return false;
  try {
    return isK6Summary(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return false;
  }
}
