/**
 * `ui`: the live page, on which runs are started, watched and steered; or an old run in it.
 *
 * Must hold:
 * - A mistake in target, scenarios, profile, objectives, thresholds, outputs, config file or test file is an error before the page opens. Each
 *   start checks what it asks for again, and besides `--set`, accounts and certificates.
 * - On a signal the session ends its run by itself. The page is closed after `control.finished`, when the reports are written,
 *   and the session last, on every path: it ends a run that is still on, and the mock.
 */
import { dirname } from 'node:path';
import { LiveStore, shownRun } from '@jarvis-load/live';
import { exitCode } from '../exit-codes.ts';
import { openBrowser } from '../live/open-browser.ts';
import { OfferedSuites } from '../live/offered-suites.ts';
import { openPage } from '../live/open-page.ts';
import { REPORT_WORDING } from '../live/report-wording.ts';
import { reportsSoFar } from '../live/reports-so-far.ts';
import { runArchive } from '../live/run-archive.ts';
import { SessionControl } from '../live/session-control.ts';
import { startOffer } from '../live/start-offer.ts';
import { writtenAs } from '../options/resolve-settings.ts';
import { UI_CONFLICTS, UI_FLAGS, type UiSettings } from '../options/ui-flags.ts';
import { Progress } from '../output/progress.ts';
import { locateRun } from '../results/locate-run.ts';
import { readRun } from '../results/read-run.ts';
import { prepareReportDirectory } from '../results/run-directory.ts';
import { requireObjectives } from '../run/choose-tests.ts';
import { outputsOfRun } from '../run/outputs-of-run.ts';
import { chooseScenarios } from '../run/scenarios.ts';
import { refuseUnfitThresholds } from '../run/thresholds-of-run.ts';
import { CliSession } from '../session/cli-session.ts';
import { openTarget } from '../target/open-target.ts';
import { looksLikeTestFile } from '../test-file/find-file.ts';
import { defineCommand, type CommandContext } from './command.ts';

function open(settings: UiSettings, context: CommandContext, url: string): void {
  if (settings.open === true)
    openBrowser(url, (reason) => context.err.write(`warning: no browser was opened (${reason})\n`));
  context.err.write('Ctrl-C ends it\n');
}

const interrupted = ({ interruption }: CommandContext): Promise<void> =>
  new Promise((resolve) => void interruption.onStop(() => resolve()));

/** Shows an old run in the page until Ctrl-C. */
async function showRun(settings: UiSettings, context: CommandContext, given: string): Promise<void> {
  const path = locateRun(given, context.cwd);
  const { result } = await readRun(path, given, context.cwd);
  const store = new LiveStore('archive');
  const archive = runArchive(dirname(dirname(path)));
  store.show(shownRun(result, archive.files(result.run.id), REPORT_WORDING));
  const server = await openPage(settings, context, { store, archive });
  open(settings, context, server.url);
  await interrupted(context);
  await server.close();
}

/** Serves the page, and the runs that it starts, until Ctrl-C. */
async function serve(settings: UiSettings, context: CommandContext, file: string): Promise<void> {
  const reportDirectory = prepareReportDirectory(settings.reportDir ?? 'results', context.cwd);
  const progress = new Progress(context, { quiet: settings.quiet === true });
  const store = new LiveStore('control');
  const archive = runArchive(reportDirectory, settings.format);
  const suites = new OfferedSuites(settings, context.cwd, file);
  // Report mistakes before the page opens.
  const [suite, ...others] = await suites.current();
  const { targets } = startOffer(settings, context.config, [suite, ...others]);
  requireObjectives(settings, suite);
  const chosen = chooseScenarios(settings.scenario, writtenAs(settings, 'scenario'), suite);
  refuseUnfitThresholds(settings.threshold ?? {}, { scenarios: chosen }, writtenAs(settings, 'threshold'));
  outputsOfRun(settings, context, progress);
  // `startOffer` has found each on this machine or in the config file; the guard checks them at each start.
  const addresses = targets.map(({ name }) => name).filter((name) => name.includes('://'));
  const session = new CliSession(context, progress, openTarget, addresses);
  const control = new SessionControl({
    session,
    store,
    settings,
    context,
    progress,
    reportDirectory,
    archive,
    suites,
  });
  try {
    const server = await openPage(settings, context, {
      store,
      control,
      archive,
      reports: reportsSoFar(store, reportDirectory),
      mock: () => control.mock,
    });
    try {
      open(settings, context, server.url);
      await interrupted(context);
      // The session ends the run on the same signal; its reports are still written.
      await control.finished;
    } finally {
      await server.close();
    }
  } finally {
    await session.close();
  }
}

/** `ui`: the live page, on which runs are started, watched and steered. */
export const ui = defineCommand<UiSettings>({
  name: 'ui',
  summary: 'Serves the live page: start, watch and steer runs in the browser; or look at an old run',
  argument: {
    name: '[what]',
    description:
      'A file of tests of your own, such as ./shop.ts; or an old run: its folder in results, or its result.json',
  },
  flags: UI_FLAGS,
  conflicts: UI_CONFLICTS,
  examples: [
    'npx jarvis-load ui',
    'npx jarvis-load ui --target=mock --open',
    'npx jarvis-load ui ./shop.ts --target=http://localhost:3000',
    'npx jarvis-load ui results/latest',
  ],
  async run(settings, context, argument) {
    if (argument === '' || looksLikeTestFile(argument)) await serve(settings, context, argument);
    else await showRun(settings, context, argument);
    return exitCode('pass'); // Ended by a signal: main exits with 130 or 143.
  },
});
