import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { openClient } from '../src/client.ts';
import { CERTIFICATE, PRIVATE_KEY } from './fixtures/certificate.ts';

const ask = { operation: 'ask', path: '/ask' };
const operations = [{ name: 'ask', method: 'GET', route: '/ask' }] as const;

describe('TLS', () => {
  it('trusts the certificate it is told to trust, and no other', async () => {
    const secure = createTlsServer({ key: PRIVATE_KEY, cert: CERTIFICATE }, (_request, response) => {
      response.end('{}');
    });
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
    const { port } = secure.address() as AddressInfo;
    const outcomeWith = async (tls: { ca?: string; rejectUnauthorized?: boolean }) => {
      const client = openClient({
        baseUrl: `https://localhost:${port}`,
        address: '127.0.0.1',
        operations,
        tls,
      });
      const response = await client.request(ask);
      await client.close();
      return response;
    };
    const trusted = await outcomeWith({ ca: CERTIFICATE });
    expect(trusted).toMatchObject({ outcome: 'ok', status: 200 });
    expect(trusted.timings.tlsMs).toBeGreaterThan(0);
    expect(await outcomeWith({ rejectUnauthorized: false })).toMatchObject({ outcome: 'ok' });
    expect(await outcomeWith({})).toMatchObject({
      outcome: 'connection_error',
      error: { code: expect.stringMatching(/SELF_SIGNED|UNABLE_TO/) as string },
    });
    secure.closeAllConnections();
    await new Promise((resolve) => secure.close(resolve));
  });
});
