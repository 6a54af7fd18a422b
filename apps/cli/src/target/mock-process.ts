import type { RateLimit } from '@jarvis-load/engine';
import { configuredLimits, describeMock, parseMockSettings, spawnMock } from '@jarvis-load/mock-jarvis';
import type { CommandContext } from '../commands/command.ts';

/** The mock of one run, in its own process. */
export interface MockProcess {
  readonly url: string;
  readonly pid: number;
  readonly limits: readonly RateLimit[];
  /** Its settings in one line. */
  readonly description: string;
  readonly close: () => Promise<void>;
}

/**
 * Starts the mock on a free loopback port. It never outlives this process: the run closes it, this process kills it on
 * exit, and it ends by itself when this process is killed.
 *
 * @throws MockError for invalid settings, before anything is started, and for a mock that does not start; Interrupted
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
    // A signal arrived before the mock had started: close it as soon as it has.
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
    limits: configuredLimits(config),
    description: describeMock(config)[0] ?? `preset ${config.preset}`,
    close() {
      closing = true;
      return mock.close();
    },
  };
}
