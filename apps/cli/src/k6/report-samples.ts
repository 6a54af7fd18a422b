import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { RunResult } from '@jarvis-load/engine/result';
import { OWN_METRICS } from '@jarvis-load/k6-scenarios';
import { readK6, resultOfSummary, type K6Reading } from '@jarvis-load/reporter/ingest';
import { asDefinition, DEFAULT_SUITE, defaultObjectiveSet, objectivesOn } from '../suites/suites.ts';
import { endOfK6 } from './exit-of-k6.ts';
import { usageError } from '../cli-error.ts';
import { namedSummary, summaryBeside, type FoundSummary } from './find-summary.ts';
import { openK6File } from './k6-file.ts';

/** Facts about a k6 run that are given besides its samples. */
export interface ToldOfRun {
  /** Path of the summary, as given and as resolved. */
  readonly summary?: { readonly given: string; readonly path: string };
  readonly exitCode?: number;
  readonly strict?: boolean;
  /** `--strict` stands on the command line: an error for a run that is none of k6. A variable may be meant for other commands. */
  readonly strictTyped?: boolean;
}

/** The result document of k6's samples, as JSON or CSV; definitions of known scenarios are added by name. */
export async function resultOfSamples(path: string, told: ToldOfRun): Promise<RunResult> {
  // Before the samples, which may be a gigabyte, so that a wrong path is reported immediately.
  const given =
    told.summary === undefined ? summaryBeside(path) : namedSummary(told.summary.path, told.summary.given);
  const reading = await readK6([openK6File(path)], {
    scriptMetrics: OWN_METRICS,
    // Without a load: the file does not say which one it was.
    scenarios: DEFAULT_SUITE.scenarios.map(asDefinition),
  });
  const summary = ofThisRun(given, reading, path, told);
  const { exitCode } = told;
  return reading.result({
    environment: null,
    // For a foreign script, restate k6's own verdict; for one of ours, judge as `jarvis-load k6` does.
    restated: !reading.isOurs,
    strict: told.strict === true,
    runId: nameOfSamples(path),
    target: { name: stableName(path), url: 'not in the file' },
    objectives: reading.isOurs
      ? objectivesOn(DEFAULT_SUITE, reading.operations, defaultObjectiveSet(DEFAULT_SUITE))
      : [],
    ...(summary.kind === 'found' ? { summary: summary.json } : {}),
    ...(exitCode === undefined ? {} : { exitCode, end: endOfK6({ exitCode, abort: undefined }, undefined) }),
    k6: summary.kind === 'found' ? { summaryFile: summary.name } : {},
    notes: [
      {
        level: 'info',
        code: 'k6-file',
        text: `Made from ${basename(path)}: target, load and seed are not in it; ${knownEnd(told, summary.kind === 'found')}`,
      },
      ...(summary.kind === 'unusable'
        ? [
            {
              level: 'warning' as const,
              code: 'k6-summary-unusable',
              text: `${summary.name} stands beside ${basename(path)}, but cannot be used as a summary of k6: ${summary.why}.`,
            },
          ]
        : []),
    ],
  });
}

/**
 * The summary, unless it is of another run: k6 writes none where it was killed, and that of an earlier run still stands there.
 * @throws CliError exit 2 where it was named
 */
function ofThisRun(
  summary: FoundSummary,
  reading: K6Reading,
  samples: string,
  told: ToldOfRun,
): FoundSummary {
  const difference = summary.kind === 'found' ? reading.otherRun(summary.json) : undefined;
  if (summary.kind !== 'found' || difference === undefined) return summary;
  if (told.summary !== undefined)
    throw usageError(
      'k6-summary',
      `${told.summary.given} is the summary of another run than ${basename(samples)} (${difference})`,
      'the summary that k6 wrote beside these samples, at the end of the same run',
    );
  return { kind: 'unusable', name: summary.name, why: `it is of another run (${difference})` };
}

/** The result document of a k6 run of which only the summary was kept. @param json a summary in any of its formats */
export function resultOfSummaryFile(path: string, json: unknown, { exitCode, strict }: ToldOfRun): RunResult {
  const fileName = basename(path);
  return resultOfSummary(json, {
    fileName,
    endedMs: statSync(path).mtimeMs,
    runId: nameOfSamples(path),
    target: { name: stableName(path), url: 'not in the file' },
    strict: strict === true,
    ...(exitCode === undefined ? {} : { exitCode, end: endOfK6({ exitCode, abort: undefined }, undefined) }),
  });
}

/** The file name of samples without its ending. */
export function nameOfSamples(path: string): string {
  return basename(path).replace(/\.(?:json|csv)(?:\.gz)?$/, '');
}

/** The file name without its time, so that pipelines recognise the same test in each run. */
function stableName(path: string): string {
  const name = nameOfSamples(path);
  return name.replace(/[-_.]?\d{4}-?\d{2}-?\d{2}(?:[-_T]?\d{2}[-_:]?\d{2}(?:[-_:]?\d{2})?Z?)?/g, '') || name;
}

function knownEnd({ exitCode }: ToldOfRun, hasSummary: boolean): string {
  if (exitCode !== undefined) return `k6 ended with exit code ${exitCode}, as --k6-exit says.`;
  const thresholds = hasSummary
    ? 'how its thresholds ended is known from its summary'
    : 'a threshold on a metric without a sample leaves no trace in it';
  return `whether k6 was interrupted is not known without --k6-exit; ${thresholds}.`;
}
