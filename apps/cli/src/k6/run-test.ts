/**
 * One test in k6, from opening the target to the finished document, which the caller writes, and what the suite does after that.
 *
 * Must hold:
 * - The same `prepareRun` as in this engine: probe, ceilings, advice and redaction do not differ.
 * - Flags of k6 that replace the load are refused before k6 starts where the target or a base address has ceilings.
 * - Settings and secrets go to k6 as environment variables: other users of the machine can read arguments. These hold only paths,
 *   tags and the flags of k6 that were handed on.
 * - The samples and the summary of k6 stay in the folder of the run; the target is closed on every path.
 */
import { reasonOf } from '@jarvis-load/engine/show';
import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ENGINE_VERSION } from '@jarvis-load/engine/ingest';
import type { RunResult } from '@jarvis-load/engine/result';
import { resultFileNames, settingsForK6, type K6Exit } from '@jarvis-load/k6-scenarios';
import { CliError } from '../cli-error.ts';
import { alsoInReportDirectory } from '../results/run-directory.ts';
import { K6_FLAGS } from '../options/k6-flags.ts';
import { quote } from '../output/clean-text.ts';
import { newRunId } from '../results/run-id.ts';
import { describeShape, loadShape, type LoadShape } from '../run/load-shape.ts';
import { afterRun } from '../run/after-run.ts';
import { prepareRun } from '../run/prepare-run.ts';
import type { PlannedScenario } from '../run/scenarios.ts';
import { speechFile } from '../suites/speech-file.ts';
import { openTarget, type OpenTarget } from '../target/open-target.ts';
import { withoutPassphrase } from '../target/read-certificates.ts';
import { describeConfig, loadNotes } from './describe-test.ts';
import { driveK6 } from './drive-k6.ts';
import { copySummary } from './export-summary.ts';
import { endOfK6, exitNameOfK6, exitOfK6 } from './exit-of-k6.ts';
import { refuseOwnLoad } from './read-arguments.ts';
import { withUserCaps } from './user-caps.ts';
import type { K6Request } from './k6-request.ts';

/** Result of one k6 test. */
export interface K6Outcome<Written> {
  /** What `write` returned. */
  readonly written: Written;
  readonly exitCode: number;
}

/**
 * Opens the target, runs k6 against it, and makes the document.
 *
 * @param write writes the document, before `afterRun` of the suite is called
 * @throws CliError, also if k6 wrote no sample
 */
export async function runTest<Written>(
  request: K6Request,
  write: (result: RunResult) => Written,
): Promise<K6Outcome<Written>> {
  const { settings, context } = request;
  const { tests, profile } = request.test;
  // Before the target is opened: a mistake in profile or time scale starts nothing.
  const shape = loadShape(settings, tests, profile);
  const target = await context.interruption.race(openTarget(settings, tests.mockSettings, context));
  try {
    refuseOwnLoad(request.arguments, target.ceilings);
    return await runOn(target, shape, request, write);
  } finally {
    request.progress.clear();
    await target.close();
  }
}

async function runOn<Written>(
  target: OpenTarget,
  shape: LoadShape,
  request: K6Request,
  write: (result: RunResult) => Written,
): Promise<K6Outcome<Written>> {
  const { test, settings, context, progress, seed } = request;
  const { interruption, redactor } = context;
  const startedAt = new Date();
  const runId = newRunId(startedAt);
  const { tests } = test;
  const prepared = await prepareRun({
    settings,
    flags: K6_FLAGS,
    target,
    tests,
    shape,
    runId,
    announce: (where) => [
      `run ${runId}: k6 ${request.k6.version}, test ${test.name}, ${describeShape(shape)}: ${where}`,
    ],
    progress,
    context,
  });
  const [scenario] = prepared.scenarios as [PlannedScenario];
  for (const { ceilings } of prepared.bases) refuseOwnLoad(request.arguments, ceilings);

  const directory = join(request.reportDirectory, runId);
  mkdirSync(directory, { recursive: true });
  const names = resultFileNames(test.fileName, startedAt);
  const summaryFile = join(directory, names.summary);
  const speech = speechFile(tests);
  const { exit, reading, broken, summary } = await driveK6(request, scenario, {
    samplesFile: join(directory, names.samples),
    summaryFile,
    variables: settingsForK6({
      baseUrl: target.baseUrl,
      // k6 accepts only one address per name.
      pins: [{ url: target.baseUrl, addresses: target.addresses }, ...prepared.bases].map(
        ({ url, addresses: [address] }) => ({ url, address }),
      ),
      certificate: target.certificate === undefined ? undefined : withoutPassphrase(target.certificate),
      // Without credentials the script says what is missing.
      credentials: prepared.credentials ?? { accounts: [] },
      identity: prepared.identity,
      executor: withUserCaps(scenario),
      seed,
      runId,
      settings: tests.settings,
      recordingsFile: speech?.path,
      headers: settings.header ?? {},
      userAgent: `jarvis-load/${ENGINE_VERSION} k6/${request.k6.version}`,
      requestTimeoutMs: settings.requestTimeout,
    }),
    redactor,
  }).finally(() => speech?.remove());
  if (request.summaryExport !== undefined && summary !== undefined) {
    const problem = copySummary(summaryFile, request.summaryExport);
    if (problem !== undefined) progress.warn(problem);
  }
  if (reading === undefined) throw nothingToReport(exit, names.samples);
  const { describe } = prepared;
  const result = reading.result({
    ...(summary === undefined ? {} : { summary }),
    objectives: prepared.objectives,
    runId,
    seed,
    ...(settings.tag === undefined ? {} : { tags: settings.tag }),
    target: { ...describe.target, url: target.baseUrl },
    config: describeConfig(request, describe.config),
    end:
      broken === undefined ? endOfK6(exit, interruption.signal) : { kind: 'circuit-breaker', reason: broken },
    exitCode: exit.exitCode,
    notes: [...describe.notes, ...loadNotes(request, summary !== undefined)],
    k6: {
      version: request.k6.version,
      ...(exit.abort === undefined ? {} : { abort: exit.abort }),
      samples: names.samples,
      ...(summary === undefined ? {} : { summaryFile: names.summary }),
    },
  });
  const own = [names.samples, names.summary];
  let folder = request.reportDirectory;
  try {
    alsoInReportDirectory(folder, runId, own);
  } catch (error) {
    const { code = reasonOf(error) } = error as NodeJS.ErrnoException;
    progress.warn(`warning: the files of k6 are only in the folder of the run (${code})`);
    folder = directory;
  }
  const shown = relative(context.cwd, folder) || '.';
  progress.say(`k6's own files: ${own.map((name) => `${shown}/${name}`).join(', ')}`);
  const finished = prepared.finish(result);
  progress.clear();
  const written = write(finished);
  await afterRun(finished, { tests, target }, progress, context);
  return { written, exitCode: exitOfK6(exit, result) };
}

function nothingToReport(exit: K6Exit, samples: string): CliError {
  return new CliError({
    exit: exitNameOfK6(exit) === 'pass' ? 'not-valid' : exitNameOfK6(exit),
    code: 'k6-failed',
    problem:
      exit.abort === undefined
        ? `k6 ended with exit code ${exit.exitCode} and measured nothing (${samples} is empty)`
        : quote(exit.abort.text),
    next: exit.abort === undefined ? 'see what k6 said above' : 'npx jarvis-load probe',
  });
}
