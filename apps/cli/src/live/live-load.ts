import type { LoadRun, Output } from '@jarvis-load/engine';
import type { RunResult } from '@jarvis-load/engine/result';
import { LiveOutput, LiveStore } from '@jarvis-load/live';
import type { CommandContext } from '../commands/command.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import type { RunSteering } from '../run/run-steering.ts';
import type { OpenTarget } from '../target/open-target.ts';
import { mockControl } from './mock-control.ts';
import { FILES_SO_FAR } from './files-so-far.ts';
import { openPage } from './open-page.ts';
import { REPORT_WORDING } from './report-wording.ts';
import { reportsSoFar } from './reports-so-far.ts';
import { runArchive } from './run-archive.ts';
import { RunControl } from './run-control.ts';

/** The live page of one run of `load`. */
export interface LiveLoad {
  readonly outputs: readonly Output[];
  readonly onRun: (run: LoadRun, steering: RunSteering) => void;
  /**
   * Shows pages the end of the run, then closes the server. The caller calls it once, on every path, after it has written the
   * reports. @param result undefined: there is none
   */
  readonly end: (result: RunResult | undefined) => Promise<void>;
}

/** Time for open pages to take the last event. */
const LAST_EVENT_MS = 200;

/**
 * Serves the page of a run of the command line.
 * @param hasJournal whether reports can be made while it is on
 * @throws CliError exit 2 when the port is not free
 */
export async function liveLoad(
  settings: LoadSettings,
  context: CommandContext,
  target: OpenTarget,
  reportDirectory: string,
  hasJournal: boolean,
): Promise<LiveLoad> {
  const isControl = settings.ui === 'control';
  const store = new LiveStore(isControl ? 'control' : 'view');
  const control = new RunControl(store);
  const isMock = target.name === 'mock';
  const mock = isMock ? mockControl(target.baseUrl) : undefined;
  store.setSession({ state: 'preparing', mock: isMock });
  const archive = runArchive(reportDirectory);
  const server = await openPage(settings, context, {
    store,
    archive,
    reports: reportsSoFar(store, reportDirectory),
    mock: () => mock,
    ...(isControl ? { control } : {}),
  });
  return {
    outputs: [new LiveOutput(store, (text) => context.redactor.text(text), REPORT_WORDING)],
    onRun(run, steering) {
      control.attach(run, steering);
      followSteering(store, steering);
      if (hasJournal) store.setSession({ reports: [...FILES_SO_FAR] });
    },
    async end(result) {
      try {
        store.setSession({
          state: 'ended',
          phase: null,
          steered: null,
          reports: result === undefined ? [] : [...archive.files(result.run.id)],
          ...(result === undefined ? { error: { message: 'The run has no result', next: null } } : {}),
        });
        if (server.pages > 0) await new Promise((resolve) => setTimeout(resolve, LAST_EVENT_MS));
      } finally {
        await server.close();
      }
    },
  };
}

/** Shows in a store what a person changes, wherever it was changed; and, before that, what can be changed. */
function followSteering(store: LiveStore, steering: RunSteering): void {
  store.setSession({ steered: steering.level ?? null });
  steering.onChange((event) => {
    if (event.kind === 'load') store.steer(event.level);
    else store.paused(event.isPaused);
  });
}
