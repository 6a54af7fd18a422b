import type { LoadRun, Output } from '@jarvis-load/engine';
import type { RunResult } from '@jarvis-load/engine/result';
import { LiveError, LiveOutput, LiveStore, type LiveControl } from '@jarvis-load/live';
import type { CommandContext } from '../commands/command.ts';
import { LIMITS } from '../options/limits.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import type { OpenTarget } from '../target/open-target.ts';
import { mockControl } from './mock-control.ts';
import { openPage } from './open-page.ts';
import { runArchive } from './run-archive.ts';
import { RunSteering } from './run-steering.ts';

/** The live page of one run of `load`. */
export interface LiveLoad {
  readonly outputs: readonly Output[];
  readonly onRun: (run: LoadRun) => void;
  /** The reports are written, or there is no result: pages see it before the server goes. */
  readonly end: (result: RunResult | undefined) => Promise<void>;
}

/** Time for open pages to take the last event. */
const LAST_EVENT_MS = 200;

function commandLineRun(): never {
  throw new LiveError(
    409,
    'busy',
    'The command line started this run',
    'Start jarvis-load ui for runs of your own',
  );
}

function controlOf(steering: RunSteering): LiveControl {
  return {
    offer: commandLineRun,
    start: commandLineRun,
    reset: commandLineRun,
    setUsers: (users) => steering.setUsers(users),
    setRate: (rate) => steering.setRate(rate),
    pause: () => steering.pause(),
    resume: () => steering.resume(),
    stop: () => steering.stop(),
  };
}

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
  const steering = new RunSteering(store, {
    users: target.ceilings?.maxUsers ?? LIMITS.users,
    rate: target.ceilings?.maxRate ?? LIMITS.ratePerSecond,
  });
  const isMock = target.name === 'mock';
  const mock = isMock ? mockControl(target.baseUrl) : undefined;
  store.setSession({ state: 'preparing', mock: isMock });
  const archive = runArchive(reportDirectory);
  const server = await openPage(settings, context, {
    store,
    archive,
    mock: () => mock,
    ...(isControl ? { control: controlOf(steering) } : {}),
  });
  return {
    outputs: [new LiveOutput(store, (text) => context.redactor.text(text)), ...(isControl ? [steering] : [])],
    onRun: (run) => steering.attach(run),
    async end(result) {
      store.setSession({
        state: 'ended',
        phase: null,
        steered: null,
        reports: result === undefined ? [] : [...(archive.files(result.run.id) ?? [])],
        ...(result === undefined ? { error: { message: 'The run has no result', next: null } } : {}),
      });
      if (server.pages > 0) await new Promise((resolve) => setTimeout(resolve, LAST_EVENT_MS));
      await server.close();
    },
  };
}
