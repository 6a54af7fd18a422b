import type { LoadRun, Output } from '@jarvis-load/engine';
import type { RunResult } from '@jarvis-load/engine/result';
import { LiveOutput, LiveStore } from '@jarvis-load/live';
import type { CommandContext } from '../commands/command.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import type { OpenTarget } from '../target/open-target.ts';
import { mockControl } from './mock-control.ts';
import { openPage } from './open-page.ts';
import { runArchive } from './run-archive.ts';
import { PlanControl } from './plan-control.ts';

/** The live page of one run of `load`. */
export interface LiveLoad {
  readonly outputs: readonly Output[];
  readonly onRun: (run: LoadRun) => void;
  /** The reports are written, or there is no result: pages see it before the server goes. */
  readonly end: (result: RunResult | undefined) => Promise<void>;
}

/** Time for open pages to take the last event. */
const LAST_EVENT_MS = 200;

/**
 * Serves the page of a run of the command line.
 * @throws CliError exit 2 when the port is not free
 */
export async function liveLoad(
  settings: LoadSettings,
  context: CommandContext,
  target: OpenTarget,
  reportDirectory: string,
): Promise<LiveLoad> {
  const isControl = settings.ui === 'control';
  const store = new LiveStore(isControl ? 'control' : 'view');
  const control = new PlanControl(store);
  const isMock = target.name === 'mock';
  const mock = isMock ? mockControl(target.baseUrl) : undefined;
  store.setSession({ state: 'preparing', mock: isMock });
  const archive = runArchive(reportDirectory);
  const server = await openPage(settings, context, {
    store,
    archive,
    mock: () => mock,
    ...(isControl ? { control } : {}),
  });
  return {
    outputs: [new LiveOutput(store, (text) => context.redactor.text(text))],
    onRun: (run) => control.attach(run),
    async end(result) {
      store.setSession({
        state: 'ended',
        phase: null,
        steered: null,
        reports: result === undefined ? [] : [...archive.files(result.run.id)],
        ...(result === undefined ? { error: { message: 'The run has no result', next: null } } : {}),
      });
      if (server.pages > 0) await new Promise((resolve) => setTimeout(resolve, LAST_EVENT_MS));
      await server.close();
    },
  };
}
