import { describeMock, parseMockSettings, spawnMock, type MockConfig } from '@jarvis-load/mock-jarvis';
import type { CommandContext } from '../commands/command.ts';

/** The mock of one run, in a process of its own. */
export interface MockProcess {
  readonly url: string;
  readonly pid: number;
  readonly config: MockConfig;
  /** What it is set to, in a line. */
  readonly description: string;
  readonly close: () => Promise<void>;
}

/**
 * Starts the mock on a free loopback port. It is gone at the end whatever happens: closed by the run, killed when this
 * process ends, and ending by itself when this process was killed.
 *
 * @throws MockError for settings that are wrong, before anything is started
 */
export async function startMockProcess(
  settings: readonly string[],
  context: Pick<CommandContext, 'interruption' | 'guardChild' | 'err'>,
): Promise<MockProcess> {
  parseMockSettings(settings);
  const starting = spawnMock({ settings, onSignal: (signal) => context.interruption.receive(signal) });
  let mock;
  try {
    mock = await context.interruption.race(starting);
  } catch (error) {
    // a signal came first: whatever the start comes to, it does not stay
    starting.then((late) => late.close()).catch(() => undefined);
    throw error;
  }
  const release = context.guardChild(mock.pid);
  let closing = false;
  const { url, config, exited } = mock;
  void exited.then(({ code, signal }) => {
    release();
    if (!closing) context.err.write(`warning: the mock has ended on its own (${signal ?? `exit ${code}`})\n`);
  });
  return {
    url,
    pid: mock.pid,
    config,
    description: describeMock(config)[0] ?? `preset ${config.preset}`,
    close() {
      closing = true;
      return mock.close();
    },
  };
}
