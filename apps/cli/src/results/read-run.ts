import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { RunResult } from '@jarvis-load/engine/result';
import { parseResult } from '@jarvis-load/reporter';
import { isK6Summary } from '@jarvis-load/reporter/ingest';
import { usageError, type CliError } from '../cli-error.ts';
import { looksLikeK6 } from '../k6/k6-file.ts';
import { resultOfSamples, resultOfSummaryFile, type ToldOfRun } from '../k6/report-samples.ts';
import type { FlagText } from '../options/flag.ts';
import type { ReportSettings } from '../options/report-flags.ts';
import { isExportedLines, isJournal } from './head-of-file.ts';
import { unreadableRun } from './locate-run.ts';
import { readJournal } from './read-journal.ts';
import { STANDARD_INPUT } from './standard-input.ts';

/** A run, and what it was read from. */
export interface FoundRun {
  readonly result: RunResult;
  /** `journal`: written as the run went; `k6`: samples or a summary. */
  readonly source: 'document' | 'journal' | 'k6';
}

/**
 * Reads a run from what `locateRun` found, for every command that takes one: its document, its journal (of a run that was
 * killed or is on, or that kept its journal), samples of k6, or a summary of k6 alone.
 *
 * @param given as the person named it
 * @param told facts about a k6 run besides its file
 * @throws CliError exit 2, or ReporterError, for a file of something else, and for facts about a run that is none of k6
 */
export async function readRun(
  path: string,
  given: string,
  cwd: string,
  told: ToldOfRun = {},
): Promise<FoundRun> {
  const isInput = given === STANDARD_INPUT;
  const shown = isInput ? 'standard input' : relative(cwd, path) || path;
  try {
    if (looksLikeK6(path)) return { result: await resultOfSamples(path, told), source: 'k6' };
    if (isJournal(path)) {
      refuseK6Facts(told, given);
      // The time now tells whether the run may still be on, by the age of the file. A copy of standard input is always new: Infinity, never.
      const result = await readJournal(path, shown, isInput ? Infinity : Date.now());
      return { result, source: 'journal' };
    }
    if (isExportedLines(path)) throw exportedLines(given);
    const text = readFileSync(path, 'utf8');
    const summary = summaryIn(text);
    if (summary === undefined) {
      refuseK6Facts(told, given);
      return { result: parseResult(text, shown), source: 'document' };
    }
    if (told.summary !== undefined)
      throw usageError(
        'report-input',
        `--summary belongs to samples of k6, and ${given} is a summary itself`,
        'a file that k6 run --out json=<file> or --out csv=<file> wrote',
      );
    return { result: resultOfSummaryFile(path, summary, told), source: 'k6' };
  } catch (cause) {
    if (typeof (cause as NodeJS.ErrnoException).errno === 'number') throw unreadableRun(given, cause);
    throw cause;
  }
}

/** Of `ToldOfRun`, what only the output of k6 can be told. */
type FactsOfK6 = { readonly [Key in keyof Omit<ToldOfRun, 'strict'>]?: unknown };

/** @throws CliError exit 2 for flags that apply only to k6 output */
export function refuseK6Facts(told: FactsOfK6, given: string): void {
  const flags = {
    summary: '--summary',
    exitCode: '--k6-exit',
    // Typed: a variable for a whole pipeline is no error here.
    strictTyped: '--strict',
  } as const satisfies Record<keyof FactsOfK6, FlagText<ReportSettings>>;
  const flag = (Object.keys(flags) as (keyof typeof flags)[]).find(
    (name) => told[name] !== undefined && told[name] !== false,
  );
  if (flag === undefined) return;
  throw usageError(
    'report-input',
    `${flags[flag]} belongs to the output of k6, and ${given} is none`,
    'a file that k6 run --out json=<file> or --out csv=<file> wrote',
  );
}

function exportedLines(given: string): CliError {
  return usageError(
    'report-input',
    `${given} holds the lines that --out ndjson writes: rows for other programs, from which no result can be made`,
    "a run's folder such as results/latest, its result.json or its journal.ndjson",
    'ls results',
  );
}

/** JSON of a k6 summary; undefined for any other text. */
function summaryIn(text: string): unknown {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isK6Summary(json) ? json : undefined;
}
