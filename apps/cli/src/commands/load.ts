/**
 * `load`: one run in this engine, or with `--sweep` several.
 *
 * Must hold:
 * - Tests, load, thresholds, outputs and the baseline are checked before `openTarget`. Accounts and certificates are read in it; the
 *   port of `--ui` is opened, then credentials and limits of the config file are checked after it, all before the first request.
 * - The journal is removed only after `showResult` has written the document. With `--part` it stays: `merge` reads it.
 * - `afterRun` comes last: it may take 30 s.
 * - On every path the terminal is given back, then the page is closed, then the target.
 */
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { RunResult } from '@jarvis-load/engine/result';
import { usageError } from '../cli-error.ts';
import { compareWithBaseline, exitWithBaseline } from '../comparison/baseline.ts';
import { readSide } from '../comparison/read-side.ts';
import { exitCode } from '../exit-codes.ts';
import { LOAD_CONFLICTS } from '../options/load-conflicts.ts';
import { LOAD_FLAGS } from '../options/load-flags.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import { withSourcesOf, writtenAs } from '../options/resolve-settings.ts';
import { Progress } from '../output/progress.ts';
import { RunScreen } from '../screen/run-screen.ts';
import { liveLoad, type LiveLoad } from '../live/live-load.ts';
import { IntervalLog } from '../results/interval-log.ts';
import { asks } from '../options/formats.ts';
import { Journal } from '../results/journal.ts';
import { prepareReportDirectory } from '../results/run-directory.ts';
import { newRunId } from '../results/run-id.ts';
import { afterRun } from '../run/after-run.ts';
import { chooseTests } from '../run/choose-tests.ts';
import { loadShape } from '../run/load-shape.ts';
import { exitOfRun, outputsOfRun } from '../run/outputs-of-run.ts';
import { shapeOfPart } from '../run/shape-of-part.ts';
import { runOnTarget } from '../run/run-on-target.ts';
import { refuseUnfitThresholds, thresholdsOfRun } from '../run/thresholds-of-run.ts';
import { showResult } from '../run/show-result.ts';
import { shapeToSteer } from '../session/steered-shape.ts';
import { openTarget } from '../target/open-target.ts';
import { shownText } from '../secrets/shown-text.ts';
import { exceptionErrors } from '../test-file/exception-errors.ts';
import { unawaitedCalls } from '../test-file/unawaited-calls.ts';
import { watchSources } from '../test-file/watch-sources.ts';
import { sweepLoad } from '../capacity/sweep-load.ts';
import { defineCommand, type CommandContext } from './command.ts';

/** A screen where messages go to a terminal that can have one. */
function runScreen({ quiet }: LoadSettings, context: CommandContext): RunScreen | undefined {
  const isAble = context.err.isTTY === true && context.environment['TERM'] !== 'dumb';
  if (!isAble || quiet === true) return undefined;
  return new RunScreen(context, context.keyboard, (text) => context.redactor.text(text));
}

/** `load`: runs scenarios against a target, judges the result, writes reports. */
export const load = defineCommand<LoadSettings>({
  name: 'load',
  summary: 'Runs scenarios against a target and judges what it measured',
  argument: {
    name: '[file]',
    description:
      'A file of tests of your own, such as ./shop.ts (docs/guides/your-own-tests.md); without one: the Jarvis suite',
  },
  flags: LOAD_FLAGS,
  conflicts: LOAD_CONFLICTS,
  examples: [
    'npx jarvis-load load --target=mock',
    'npx jarvis-load load ./shop.ts --rate=20 --duration=30s --target=http://localhost:3000',
    'npx jarvis-load load --target=mock --profile=load --time-scale=0.1 --users=20',
    'npx jarvis-load load --target=mock --set mock.preset=degraded',
    'npx jarvis-load load --target=mock --ui',
    'npx jarvis-load load --target=mock --baseline=results/latest --fail-on-worse',
    "npx jarvis-load load --scenario=chat-user --rate=20 --duration=1m --threshold='p(95)<500'",
    'npx jarvis-load load --target=staging --confirm-target=staging.example.org:443 --profile=smoke',
  ],
  async run(settings, context, file) {
    if (settings.sweep !== undefined) return sweepLoad(settings, settings.sweep, context, file);
    if (settings.watch !== true) return runLoad(settings, context, file);
    if (file === '')
      throw usageError('flag-needs', '--watch needs a test file', 'npx jarvis-load load ./shop.ts --watch');
    await watchSources(
      file,
      (onRead) => runLoad(withSourcesOf(settings, { ...settings, once: true }), context, file, onRead),
      context,
    );
    return exitCode('pass'); // Ended by a signal: main exits with 130 or 143.
  },
});

/** One run. @param onRead is called after `chooseTests`, which reads the test file, and before anything else that may fail */
async function runLoad(
  settings: LoadSettings,
  context: CommandContext,
  file: string,
  onRead?: () => void,
): Promise<number> {
  const { interruption } = context;
  const tests = await chooseTests(settings, context.cwd, file);
  onRead?.();
  const shape = shapeToSteer(shapeOfPart(loadShape(settings, tests), settings), settings);
  const thresholds = thresholdsOfRun(settings, shape);
  refuseUnfitThresholds(thresholds, tests, writtenAs(settings, 'threshold'));
  if (settings.failOnWorse === true && settings.baseline === undefined) {
    throw usageError(
      'flag-conflict',
      `${writtenAs(settings, 'failOnWorse')} needs a run to compare with`,
      '--baseline=<run or folder>',
    );
  }
  const baseline =
    settings.baseline === undefined ? undefined : await readSide(settings.baseline, context.cwd);
  const reportDirectory = prepareReportDirectory(settings.reportDir ?? 'results', context.cwd);
  const runId = newRunId(new Date());
  const seed = settings.seed ?? randomInt(2 ** 31);
  const screen =
    settings.noLive === true || settings.once === true ? undefined : runScreen(settings, context);
  const progress = new Progress(context, {
    quiet: settings.quiet === true,
    ...(screen === undefined ? {} : { screen }),
  });

  const log = asks(settings.format, 'hlog') ? new IntervalLog(join(reportDirectory, runId)) : undefined;

  const journal =
    settings.noJournal === true || settings.once === true
      ? undefined
      : new Journal(reportDirectory, context.redactor);

  const { outputs, filesOf } = outputsOfRun(settings, context, progress);

  const target = await interruption.race(openTarget(settings, tests.mockSettings, context));
  let page: LiveLoad | undefined;
  let result: RunResult | undefined;
  try {
    if (settings.ui !== undefined)
      page = await liveLoad(settings, context, target, reportDirectory, journal !== undefined);
    result = await runOnTarget({
      settings,
      target,
      tests,
      shape,
      runId,
      seed,
      progress,
      outputs: [
        progress,
        ...(log === undefined ? [] : [log]),
        ...outputs,
        ...(journal === undefined ? [] : [journal]),
        ...(page?.outputs ?? []),
      ],
      onRun(run, steering) {
        screen?.attach(run, steering);
        page?.onRun(run, steering);
      },
      context,
    });
    const compared =
      baseline === undefined
        ? undefined
        : compareWithBaseline(result, baseline, settings.failOnWorse === true);
    const own = exitOfRun(result, settings, outputs);
    showResult(result, {
      settings,
      reportDirectory,
      alsoWritten: [...(log?.isWhole === true ? [log.path] : []), ...filesOf(runId)],
      compared,
      exit: own,
      context,
    });
    const { origin } = tests.suite;
    const mistakes =
      origin === undefined
        ? []
        : [...exceptionErrors(result, origin.file), ...unawaitedCalls(result, origin.file, settings.once)];
    const exit = compared?.fails === true ? exitWithBaseline(own, compared.outcome) : own;
    const level = exit === exitCode('pass') ? 'warning' : 'error';
    for (const mistake of mistakes)
      context.err.write(`\n${shownText(mistake.describe(level), context.redactor)}\n`);
    // The record of a part is what `merge` reads.
    if (settings.part === undefined) journal?.remove();
    await afterRun(result, { tests, target }, progress, context);
    return exit;
  } finally {
    progress.clear();
    try {
      await page?.end(result);
    } finally {
      await target.close();
    }
  }
}
