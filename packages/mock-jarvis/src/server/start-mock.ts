import type { AddressInfo } from 'node:net';
import type { Clock } from '../clock.ts';
import type { MockConfigSources } from '../config/resolve.ts';
import type { MockConfig } from '../config/schema.ts';
import type { CountersSnapshot } from '../counters/counters.ts';
import { MockError } from '../mock-error.ts';

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
   * Changes settings while it runs. Another seed, or other stores, also reset it as `reset` does; the dialect cannot be changed.
   * @throws {MockError} `invalid_setting` or `unknown_preset`
   */
  configure(sources: MockConfigSources): MockConfig;
  /** Sends no answers for this long. */
  freeze(durationMs: number): void;
  /** Resets stores, counters, injected faults, random streams and windows; settings and Prometheus metrics stay. */
  reset(): void;
  /** Closes the server and all connections, including those with hanging requests. */
  close(): Promise<void>;
}

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

/**
 * Starts a mock in this process.
 * @throws {MockError} `invalid_setting`, `unknown_preset`, `port_in_use` or `listen_failed`
 * @example
 * const mock = await startMock({ preset: 'fast', settings: ['latency.chat.send=20ms'] });
 * await fetch(`${mock.url}/health`);
 * await mock.close();
 */
export async function startMock(options: MockOptions = {}): Promise<RunningMock> {
  // Loaded here: Fastify and its plugins take 0.2 s, which a process that only starts a mock in a child does not need.
  const { createMock } = await import('./create-mock.ts');
  const { runtime, app } = await createMock(options);
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
