import { createServer, type Server } from 'node:http';
import { isIPv6, type AddressInfo } from 'node:net';
import {
  LiveError,
  type LiveArchive,
  type LiveControl,
  type LiveMock,
  type LiveReports,
} from '../control/live-control.ts';
import type { LiveStore } from '../record/live-store.ts';
import { EventStreams } from './event-streams.ts';
import { RequestGuard } from './request-guard.ts';

/*
 * The server of the live page, on 127.0.0.1 and, where there is one, on ::1; with `host` on that address alone. Must hold:
 * - The caller calls `close`: its sockets keep the process alive. If listening fails, all is closed already.
 * - `url` and `token` let anybody in who has them: they are shown to the user, and written to no file or log.
 * - It answers only under `host` and the names of loopback (`RequestGuard`), so `host` is the address that pages use, not 0.0.0.0.
 */

/** Sockets of all pages and programs together. */
const MOST_CONNECTIONS = 512;

export interface LiveServerOptions {
  readonly store: LiveStore;
  /** Absent: no page can start or change a run. */
  readonly control?: LiveControl;
  readonly archive?: LiveArchive;
  /** Of the run that is on. */
  readonly reports?: LiveReports;
  readonly mock?: () => LiveMock | undefined;
  /** 0: any free port. */
  readonly port: number;
  /** Another address than loopback, as its user asked for. @default 127.0.0.1 and ::1 */
  readonly host?: string;
  /** Of an earlier start, so that its pages need no new token. @default pages of an earlier start are refused */
  readonly cookieSecret?: string;
}

/** A running server. */
export interface LiveServer {
  readonly port: number;
  /** Address with the token in its fragment: the way in. */
  readonly url: string;
  readonly token: string;
  /** Open pages. */
  readonly pages: number;
  close(): Promise<void>;
}

/**
 * Serves the live page.
 *
 * @throws LiveError `port-in-use` or `listen`
 */
export async function startLiveServer(options: LiveServerOptions): Promise<LiveServer> {
  const { store } = options;
  const host = options.host?.replace(/^\[(.*)\]$/, '$1');
  const shown = host === undefined ? undefined : hostOfUrl(host);
  const guard = new RequestGuard(options.cookieSecret);
  const streams = new EventStreams(store);
  // Loaded here: Fastify and the schemas take 0.1 s, which a command without a page does not need.
  const { createApp } = await import('./create-app.ts');
  const app = await createApp(guard, {
    store,
    streams,
    control: options.control,
    archive: options.archive,
    reports: options.reports,
    mock: options.mock ?? (() => undefined),
    audit: (text) => store.log('info', `Page: ${text}`),
  });
  const servers: Server[] = [];
  const listen = async (address: string, port: number): Promise<number> => {
    const server = createServer((request, response) => app.routing(request, response));
    server.maxConnections = MOST_CONNECTIONS;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host: address }, resolve);
    });
    servers.push(server);
    return (server.address() as AddressInfo).port;
  };
  const close = async (): Promise<void> => {
    streams.close();
    await Promise.all(
      servers.map(
        (server) =>
          new Promise<void>((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
          }),
      ),
    );
    await app.close();
  };
  let port: number;
  try {
    port = await listen(host ?? '127.0.0.1', options.port);
    if (host === undefined) await listen('::1', port).catch(ignoreMissingAddress);
  } catch (cause) {
    await close();
    throw listenError(cause, host ?? 'localhost', options.port);
  }
  guard.listenOn(['localhost', '127.0.0.1', '[::1]', ...(shown === undefined ? [] : [shown])], port);
  return {
    port,
    url: `http://${shown ?? 'localhost'}:${port}/#token=${guard.token}`,
    token: guard.token,
    get pages() {
      return streams.size;
    },
    close,
  };
}

/** An address or a name as browsers write it in a URL and in `Host`: IPv6 in brackets and shortened, names in lower case. */
function hostOfUrl(host: string): string {
  const text = isIPv6(host) ? `[${host}]` : host;
  return URL.canParse(`http://${text}`) ? new URL(`http://${text}`).hostname : text.toLowerCase();
}

/** Machines without IPv6 have no ::1. */
function ignoreMissingAddress(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EADDRNOTAVAIL' && error.code !== 'EAFNOSUPPORT') throw error;
}

function listenError(cause: unknown, host: string, port: number): LiveError {
  const { code } = cause as NodeJS.ErrnoException;
  return code === 'EADDRINUSE'
    ? new LiveError(
        500,
        'port-in-use',
        `port ${port} on ${host} is in use`,
        'choose another one with --ui-port (0: any free one)',
      )
    : new LiveError(500, 'listen', `cannot listen on ${host}:${port} (${String(code ?? cause)})`);
}
