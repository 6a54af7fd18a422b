import { basename } from 'node:path';
import { OWN_METRICS } from '@jarvis-load/k6-scenarios';
import { readK6, thresholdsOfSummaries, type K6FilePart } from '@jarvis-load/reporter/ingest';
import type { ResultNote, RunResult } from '@jarvis-load/engine/result';
import { usageError } from '../cli-error.ts';
import { endOfK6 } from '../k6/exit-of-k6.ts';
import { summaryBeside } from '../k6/find-summary.ts';
import { openK6File } from '../k6/k6-file.ts';
import { asDefinition, DEFAULT_SUITE, defaultObjectiveSet, objectivesOn } from '../suites/suites.ts';
import type { MergeOptions } from './merge-options.ts';
import { missingRunners, type RunnerFile } from './runner-files.ts';

/** Runners begin together; beyond this, in milliseconds, it is said how far apart they did. */
const APART_MS = 1000;

/**
 * The document of the sample files of several runners of k6, such as those of k6-operator: their samples are taken in the
 * order of their times, and judged together. A runner that is missing below the highest number makes the verdict not-valid, unless
 * `allowMissing`.
 *
 * @throws CliError exit 2 for files that do not overlap in time, or hold no sample
 */
export async function mergeRunners(
  runId: string,
  files: readonly RunnerFile[],
  { allowMissing, exitCode, strict }: MergeOptions,
): Promise<RunResult> {
  const summaries = files.flatMap(({ path }) => {
    const summary = summaryBeside(path);
    return summary.kind === 'found' ? [summary.json] : [];
  });
  const told = thresholdsOfSummaries(summaries);
  const reading = await readK6(
    files.map(({ path }) => openK6File(path)),
    {
      scriptMetrics: OWN_METRICS,
      scenarios: DEFAULT_SUITE.scenarios.map(asDefinition),
      thresholds: told.thresholds,
    },
  );
  refuseEmpty(reading.files);
  refuseOtherTimes(reading.files);
  const missing = missingRunners(files);
  const isLacking = missing.length > 0 && !allowMissing;
  return reading.result({
    environment: null,
    restated: !reading.isOurs,
    strict,
    runId,
    target: { name: 'k6', url: 'not in the files' },
    objectives: reading.isOurs
      ? objectivesOn(DEFAULT_SUITE, reading.operations, defaultObjectiveSet(DEFAULT_SUITE))
      : [],
    thresholdsKnown: told.complete && summaries.length === files.length,
    ...(exitCode === undefined ? {} : { exitCode, end: endOfK6({ exitCode, abort: undefined }, undefined) }),
    findings: isLacking
      ? [{ status: 'not-valid', code: 'missing-part', text: `${missing.join(', ')} of the run is missing` }]
      : [],
    notes: notesOf(files, reading.files, missing),
    extensions: {
      parts: reading.files.map(({ requests, firstMs, lastMs }, index) => ({
        name: files[index]!.name,
        file: basename(files[index]!.path),
        startedAt: new Date(firstMs).toISOString(),
        endedAt: new Date(lastMs).toISOString(),
        requests,
      })),
    },
  });
}

function notesOf(
  files: readonly RunnerFile[],
  parts: readonly K6FilePart[],
  missing: readonly string[],
): ResultNote[] {
  const note = (level: ResultNote['level'], code: string, text: string): ResultNote => ({
    level,
    code,
    text,
  });
  const starts = parts.map(({ firstMs }) => firstMs);
  const apartMs = Math.max(...starts) - Math.min(...starts);
  const known = files.filter(({ instance }) => instance !== null).length;
  return [
    note(
      'info',
      'merged',
      `merged from the samples of ${files.length} runners of k6: ${files.map(({ name }) => name).join(', ')}. ` +
        'Counts, percentiles and thresholds are those of all samples; an outcome that a runner told of its own samples is not used.',
    ),
    ...(missing.length === 0
      ? []
      : [
          note(
            'warning',
            'missing-part',
            `missing: ${missing.join(', ')}; the counts are those of the other runners`,
          ),
        ]),
    note(
      'info',
      'runners-unknown',
      known === files.length
        ? 'The files do not say how many runners there were: one after the last of these would not be missed.'
        : 'The files do not say how many runners there were: one that is missing cannot be named without the tag instance_id.',
    ),
    ...(apartMs > APART_MS
      ? [
          note(
            'warning',
            'parts-apart',
            `by their own clocks the first samples of the runners are up to ${Math.round(apartMs)} ms apart`,
          ),
        ]
      : []),
    note(
      'info',
      'clocks-unknown',
      'Files of k6 hold no time but that of the own machine: clocks that differ cannot be told from runners that began at different times. Counts and percentiles of the whole do not depend on them; the course of time does.',
    ),
  ];
}

/** A runner that only declared its metrics has no time at which it ran. */
function refuseEmpty(parts: readonly K6FilePart[]): void {
  const empty = parts.find(({ firstMs }) => !Number.isFinite(firstMs));
  if (empty === undefined) return;
  throw usageError(
    'merge-input',
    `${empty.fileName} holds no sample: its runner measured nothing`,
    'files of runners that made load',
    'see why it made none; without this file the others are merged as a run that lacks a part',
  );
}

function refuseOtherTimes(parts: readonly K6FilePart[]): void {
  const ordered = parts.toSorted((a, b) => a.firstMs - b.firstMs);
  let lastMs = Number.NEGATIVE_INFINITY;
  let before: K6FilePart | undefined;
  for (const part of ordered) {
    if (before !== undefined && part.firstMs > lastMs) {
      throw usageError(
        'merge-input',
        `${part.fileName} begins at ${new Date(part.firstMs).toISOString()}, after the end of ${before.fileName} (${new Date(lastMs).toISOString()})`,
        'files of runners that ran at the same time',
        'give the files of one run only; compare compares runs',
      );
    }
    if (part.lastMs >= lastMs) [lastMs, before] = [part.lastMs, part];
  }
}
