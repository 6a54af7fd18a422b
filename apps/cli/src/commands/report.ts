import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { RunResult } from '@jarvis-load/engine/result';
import { renderText, ReporterError } from '@jarvis-load/reporter';
import { reportRunToGithub } from '../ci/github-report.ts';
import { usageError } from '../cli-error.ts';
import { compareWithBaseline, exitWithBaseline, reasonOfExit } from '../comparison/baseline.ts';
import { readSide } from '../comparison/read-side.ts';
import { showComparison } from '../comparison/show-comparison.ts';
import { baselineViews, removeComparison } from '../comparison/write-comparison.ts';
import { nameOfSamples, type ToldOfRun } from '../k6/report-samples.ts';
import { mergeRuns } from '../merging/merge-runs.ts';
import { asks } from '../options/formats.ts';
import { REPORT_FLAGS } from '../options/report-flags.ts';
import type { ReportSettings } from '../options/report-flags.ts';
import { isTyped } from '../options/resolve-settings.ts';
import { clean } from '../output/clean-text.ts';
import { wantsColor, widthOf } from '../output/console.ts';
import { LOG_NAME } from '../results/interval-log.ts';
import { locateRun } from '../results/locate-run.ts';
import { readRun } from '../results/read-run.ts';
import { writeViews } from '../results/run-directory.ts';
import { renderViews } from '../results/select-views.ts';
import { fileOfInput, STANDARD_INPUT } from '../results/standard-input.ts';
import { writeFailure } from '../results/write-failure.ts';
import { exitCode } from '../exit-codes.ts';
import { exitOfResult } from '../run/exit-of-result.ts';
import { defineCommand, type CommandContext } from './command.ts';

/** `--summary=k6`: not a file, but k6's columns in the terminal, as with `load`. */
const K6_COLUMNS = 'k6';
/** Other words that `--summary` of `load` has. */
const WORDS_OF_LOAD: readonly string[] = ['full', 'short'];

interface Rendered {
  readonly result: RunResult;
  readonly directory: string;
  /** The document stands in the folder already, and is not written again. */
  readonly kept: boolean;
  /** As the person named the run. */
  readonly given: string;
}

/** `report`: renders the views of a run again, from its document, its journal or k6's output; several parts are merged first. */
export const report = defineCommand<ReportSettings>({
  name: 'report',
  summary:
    'Renders the views of a run again from its result document, the journal of a killed run, or what k6 wrote: its samples as JSON or CSV, or its summary alone. Of the parts of one run it makes one report, as merge does',
  argument: {
    name: '<run...>',
    description:
      "A run's folder, its result.json or journal.ndjson, or a file of k6 run --out json, --out csv or --summary-export; - reads one of these files from standard input. Several: the parts of one run",
  },
  flags: REPORT_FLAGS,
  examples: [
    'npx jarvis-load report results/latest',
    'npx jarvis-load report results/20261122-171500-ab12 --format=junit',
    'npx jarvis-load report results/latest --baseline=results/20261122-171500-ab12',
    'npx jarvis-load report chat-api-20261122-171500.json',
    'cat result.json | npx jarvis-load report -',
    'npx jarvis-load report out.json --summary=out-summary.json --k6-exit=99',
    'npx jarvis-load report runner-1.json runner-2.json runner-3.json',
  ],
  async run(settings, context, argument, given) {
    refuseWordOfLoad(settings.summary, context.cwd);
    if (given.length > 1) return reportOfParts(given, settings, context);
    if (argument !== STANDARD_INPUT)
      return reportOf(locateRun(argument, context.cwd), argument, settings, context);
    const { path, remove } = await fileOfInput(context.input?.());
    try {
      return await reportOf(path, argument, settings, context);
    } finally {
      remove();
    }
  },
});

function refuseWordOfLoad(summary: string | undefined, cwd: string): void {
  if (summary === undefined || !WORDS_OF_LOAD.includes(summary) || existsSync(resolve(cwd, summary))) return;
  throw usageError(
    'report-input',
    `--summary=${summary} is a form of the summary of load`,
    'the summary file of k6, or --summary=k6 for its columns',
  );
}

/** Merges the parts of one run, and renders that. */
async function reportOfParts(
  given: readonly string[],
  settings: ReportSettings,
  context: CommandContext,
): Promise<number> {
  const { summary, k6Exit: exitCodeOfK6, strict = false, allowMissing = false, viewsDir } = settings;
  if (given.includes(STANDARD_INPUT) || (summary !== undefined && summary !== K6_COLUMNS)) {
    const what = summary === undefined || summary === K6_COLUMNS ? STANDARD_INPUT : '--summary';
    throw usageError(
      'report-input',
      `${what} belongs to one run, and ${given.length} are given`,
      'files of the parts of one run; the summary of each stands beside its samples',
    );
  }
  const strictTyped = strict && isTyped(settings, 'strict');
  const options = { allowMissing, exitCode: exitCodeOfK6, strict, strictTyped };
  const result = await mergeRuns(given, options, context.cwd);
  const directory = resolve(context.cwd, viewsDir ?? join('results', result.run.id));
  return showViews({ result, directory, kept: false, given: result.run.id }, settings, context);
}

/** Renders the run at `path`. @param given as the person named it */
async function reportOf(
  path: string,
  given: string,
  settings: ReportSettings,
  context: CommandContext,
): Promise<number> {
  const told: ToldOfRun = {
    ...(settings.summary === undefined || settings.summary === K6_COLUMNS
      ? {}
      : { summary: { given: settings.summary, path: resolve(context.cwd, settings.summary) } }),
    ...(settings.k6Exit === undefined ? {} : { exitCode: settings.k6Exit }),
    ...(settings.strict === undefined
      ? {}
      : { strict: settings.strict, strictTyped: isTyped(settings, 'strict') }),
  };
  const { result, source } = await readRun(path, given, context.cwd, told);
  // Standard input has no folder. Its run id is text from elsewhere, so it does not name one.
  const isInput = given === STANDARD_INPUT;
  const beside = source === 'k6' ? join(dirname(path), `${nameOfSamples(path)}-report`) : dirname(path);
  const own = isInput ? resolve(context.cwd, 'standard-input-report') : beside;
  const kept = source === 'document' && !isInput;
  const elsewhere = settings.viewsDir === undefined ? undefined : resolve(context.cwd, settings.viewsDir);
  const directory = elsewhere ?? own;
  return showViews({ result, directory, kept: kept && elsewhere === undefined, given }, settings, context);
}

/** Writes the views of a result and of its comparison with a baseline, and shows them. Returns the exit code. */
async function showViews(
  { result, directory, kept, given }: Rendered,
  settings: ReportSettings,
  context: CommandContext,
): Promise<number> {
  const { baseline, quiet = false, failOnWorse = false } = settings;
  if (failOnWorse && baseline === undefined)
    throw usageError('report-input', '--fail-on-worse needs a run to compare with', '--baseline as well');
  const compared =
    baseline === undefined
      ? undefined
      : compareWithBaseline(result, await readSide(baseline, context.cwd), failOnWorse);
  const outcome = compared?.outcome;
  const logged = existsSync(join(directory, LOG_NAME));
  if (asks(settings.format, 'hlog') && !logged && result.blocks === undefined) {
    context.err.write(`warning: no ${LOG_NAME}: ${given} has no response times of parts of the run\n`);
  }
  let written: readonly string[] = [];
  let failure: unknown;
  try {
    // Views of a comparison with an earlier baseline would contradict the report.
    if (compared !== undefined && outcome?.comparison === undefined) removeComparison(directory);
    const present = { kept, logged, comparison: outcome?.comparison };
    written = writeViews(directory, [
      ...renderViews(result, settings.format, present),
      ...(compared === undefined ? [] : baselineViews(compared)),
    ]);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === undefined || cause instanceof ReporterError) throw cause;
    failure = cause;
  }
  const width = widthOf(context.out, context.environment);
  if (!quiet)
    context.out.write(
      renderText(result, {
        color: wantsColor(context.out, context.environment),
        ...(width === undefined ? {} : { width }),
        ...(settings.summary === K6_COLUMNS ? { columns: K6_COLUMNS } : {}),
        reports: written.map((file) => relative(context.cwd, file)),
      }),
    );
  const exit = settings.exitCode === true ? exitOfResult(result) : exitCode('pass');
  if (compared !== undefined) showComparison(compared, context, quiet);
  const reason = compared && reasonOfExit(exit, compared);
  if (reason !== undefined) context.err.write(`error: ${clean(reason)}\n`);
  reportRunToGithub(result, written, context, compared);
  if (failure !== undefined) {
    throw writeFailure(
      'the views',
      relative(context.cwd, directory) || '.',
      failure,
      'choose another folder with --views-dir',
    );
  }
  return outcome !== undefined && failOnWorse ? exitWithBaseline(exit, outcome) : exit;
}
