import { isIP } from 'node:net';
import { classifyAddress } from '@jarvis-load/engine';
import { describeMock, parseMockSettings, startMock } from '@jarvis-load/mock-jarvis';
import { usageError } from '../cli-error.ts';
import { exitCode } from '../exit-codes.ts';
import { MOCK_FLAGS, type MockSettings } from '../options/mock-flags.ts';
import { defineCommand } from './command.ts';

/** Default port of the Jarvis API. */
const DEFAULT_PORT = 8100;

/**
 * The address to listen on; loopback only, because a mock has no real access control and must not be reachable from a
 * network.
 */
function loopbackHost(host: string): string {
  if (host === 'localhost') return '127.0.0.1';
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0 && classifyAddress(bare) === 'loopback') return bare;
  throw usageError('mock-host', `--host: "${host}" is not loopback`, '127.0.0.1, ::1 or localhost');
}

/** `mock`: serves the mock Jarvis until a signal ends it. */
export const mock = defineCommand<MockSettings>({
  name: 'mock',
  summary: 'Serves the mock Jarvis until Ctrl-C',
  flags: MOCK_FLAGS,
  examples: [
    'npx jarvis-load mock --port=8100',
    'npx jarvis-load mock --set preset=degraded --set dialect=core',
    'npx jarvis-load mock --set latency.chat.send.p95=400ms --set capacity=8',
  ],
  async run(settings, context) {
    const host = loopbackHost(settings.host ?? '127.0.0.1');
    const assignments = Object.entries(settings.set ?? {}).map(([name, value]) => `${name}=${value}`);
    // Before anything starts.
    parseMockSettings(assignments);
    const server = await startMock({ port: settings.port ?? DEFAULT_PORT, host, settings: assignments });
    const account = server.config.auth.accounts[0]?.replace(':', ' / ');
    context.out.write(`mock Jarvis listens on ${server.url}\n`);
    context.err.write(
      [
        ...describeMock(server.config).map((line) => `  ${line}`),
        ...(account === undefined ? [] : [`  log in as ${account}`]),
        `  load it: npx jarvis-load load --target=${server.url}`,
        `  change it while it runs: PUT ${server.url}/__mock/config (docs/guides/mock.md)`,
        '  Ctrl-C ends it',
        '',
      ].join('\n'),
    );
    await new Promise<void>((resolve) => {
      context.interruption.onStop(() => resolve());
    });
    await server.close();
    return exitCode('pass'); // The mock was ended by a signal: main exits with 130 or 143.
  },
});
