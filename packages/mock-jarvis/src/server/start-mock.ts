import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { addAdminRoutes } from '../admin/routes.ts';
import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { resolveMockConfig } from '../config/resolve.ts';
import type { MockConfigSources } from '../config/resolve.ts';
import type { MockConfig } from '../config/schema.ts';
import { addCoreDialect } from '../core/dialect.ts';
import type { CountersSnapshot } from '../counters/counters.ts';
import { addDocumentedDialect } from '../documented/dialect.ts';
import { plainText } from '../core/text.ts';
import { invalid } from '../documented/errors.ts';
import { MockError } from '../mock-error.ts';
import { send } from './deliver.ts';
import { Runtime } from './runtime.ts';

/** Options of {@link startMock}. */
export interface MockOptions extends MockConfigSources {
  /** 0 = any free port. @default 0 */
  readonly port?: number;
  /** @default '127.0.0.1' */
  readonly host?: string;
  /** Clock, for tests. @default the system clock */
  readonly clock?: Clock;
}

/** A running mock. */
export interface RunningMock {
  readonly url: string;
  readonly port: number;
  /** Configuration in force. */
  readonly config: MockConfig;
  counters(): CountersSnapshot;
  /**
   * Changes settings while it runs.
   * @throws {MockError} `invalid_setting` or `unknown_preset`
   */
  configure(sources: MockConfigSources): MockConfig;
  /** Sends no answers for this long. */
  freeze(durationMs: number): void;
  /** Resets stores, counters, random streams and windows. */
  reset(): void;
  /** Closes the server and all connections, including those with hanging requests. */
  close(): Promise<void>;
}

/** Bytes; the core refuses more than 2 MiB, the documented contract names no limit. */
const BODY_LIMIT = { documented: 16 * 1024 * 1024, core: 2 * 1024 * 1024 } as const;
/** Longer than any id that the core accepts, so that the id check of the dialect answers and not the router. */
const MAX_PARAM_LENGTH = 4096;
/** Connections waiting to be accepted: thousands of users may connect at the same time. */
const BACKLOG = 4096;

function listenError(error: unknown, host: string, port: number): MockError {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EADDRINUSE') {
    return new MockError(
      'port_in_use',
      `Port ${port} on ${host} is in use: stop what listens there, or choose another port (0 = any free one).`,
      { cause: error },
    );
  }
  return new MockError(
    'listen_failed',
    `The mock cannot listen on ${host}:${port}: ${String(code ?? error)}.`,
    {
      cause: error,
    },
  );
}

async function build(runtime: Runtime): Promise<FastifyInstance> {
  const { dialect } = runtime.config;
  const app = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT[dialect],
    forceCloseConnections: true,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    // An undecodable path reaches neither a route nor a hook, so it is counted here.
    frameworkErrors: (error, _request, reply) => {
      const cell = runtime.counters.cell(undefined, undefined, 'other');
      cell.arrived += 1;
      cell.settle('client_error');
      const { message } = error;
      send(
        reply,
        dialect === 'core' ? plainText(400, 'Invalid URL: Invalid UTF-8 in `id`') : invalid(message),
      );
    },
  });
  // Register admin before the dialect adds its hooks: admin requests must not be tracked, delayed or frozen.
  await app.register(addAdminRoutes, { prefix: '/__mock', runtime });
  if (dialect === 'core') addCoreDialect(app, runtime);
  else await addDocumentedDialect(app, runtime);
  return app;
}

/**
 * Starts a mock in this process.
 * @throws {MockError} `invalid_setting`, `unknown_preset`, `port_in_use` or `listen_failed`
 * @example
 * const mock = await startMock({ preset: 'fast', settings: ['latency.chat.send=20ms'] });
 * await fetch(`${mock.url}/health`);
 * await mock.close();
 */
export async function startMock(options: MockOptions = {}): Promise<RunningMock> {
  const runtime = new Runtime(resolveMockConfig(options), options.clock ?? systemClock);
  const app = await build(runtime);
  const { host = '127.0.0.1', port = 0 } = options;
  try {
    await app.listen({ host, port, backlog: BACKLOG });
  } catch (error) {
    await app.close();
    throw listenError(error, host, port);
  }
  const address = app.server.address() as AddressInfo;
  const shownHost = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${shownHost}:${address.port}`,
    port: address.port,
    get config() {
      return runtime.config;
    },
    counters: () => runtime.counters.snapshot(),
    configure: (sources) => runtime.configure(sources),
    freeze: (durationMs) => runtime.gate.freezeFor(durationMs),
    reset: () => runtime.reset(),
    close: () => app.close(),
  };
}
