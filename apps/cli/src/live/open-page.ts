import {
  LiveError,
  LiveStore,
  startLiveServer,
  type LiveArchive,
  type LiveControl,
  type LiveMock,
  type LiveReports,
  type LiveServer,
} from '@jarvis-load/live';
import { usageError } from '../cli-error.ts';
import type { CommandContext } from '../commands/command.ts';
import type { PageSettings } from '../options/page-flags.ts';
import { pageSecret } from './page-secret.ts';

/** Port of Locust's page, which users of the old suite know. */
const DEFAULT_UI_PORT = 8089;

/**
 * Serves the page and prints its address, which holds the token. The caller closes the server.
 * @throws CliError exit 2 when the port is not free
 */
export async function openPage(
  settings: PageSettings,
  context: CommandContext,
  parts: {
    readonly store: LiveStore;
    readonly control?: LiveControl;
    readonly archive?: LiveArchive;
    readonly reports?: LiveReports;
    readonly mock?: () => LiveMock | undefined;
  },
): Promise<LiveServer> {
  const { uiPort: port = DEFAULT_UI_PORT, uiHost: host } = settings;
  try {
    // On another address than loopback, cookies cross the network in clear: they end with this process.
    const cookieSecret =
      host === undefined
        ? pageSecret(context.environment, (text) => context.err.write(`warning: ${text}\n`))
        : undefined;
    const server = await startLiveServer({
      ...parts,
      port,
      ...(host === undefined ? {} : { host }),
      ...(cookieSecret === undefined ? {} : { cookieSecret }),
    });
    if (host !== undefined)
      context.err.write(
        `warning: the live page listens on ${host}: whoever has its address, with the token, sees the run${parts.control === undefined ? '' : ' and can steer it'}\n`,
      );
    context.err.write(`live page: ${server.url}\n`);
    return server;
  } catch (error) {
    if (error instanceof LiveError)
      throw usageError('ui-port', error.message, 'a free port', error.next ?? undefined);
    throw error;
  }
}
