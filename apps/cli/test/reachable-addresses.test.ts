import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reachableAddresses } from '../src/guard/reachable-addresses.ts';

const servers: Server[] = [];
let port: number;

function listen(host: string, at: number): Promise<number> {
  const server = createServer((socket) => socket.destroy());
  servers.push(server);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(at, host, () => resolve((server.address() as AddressInfo).port));
  });
}

beforeAll(async () => {
  // All of 127.0.0.0/8 is loopback.
  port = await listen('127.0.0.1', 0);
  await listen('127.0.0.2', port);
});
afterAll(() => Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve)))));

describe('the addresses of a name that are connected to', () => {
  it('are all that accept, in their order', async () => {
    expect(await reachableAddresses(['127.0.0.2', '127.0.0.3', '127.0.0.1'], port, 2000)).toEqual([
      '127.0.0.2',
      '127.0.0.1',
    ]);
  });

  it('are at most so many as are wanted: of localhost one', async () => {
    expect(await reachableAddresses(['127.0.0.3', '127.0.0.2', '127.0.0.1'], port, 2000, 1)).toEqual([
      '127.0.0.2',
    ]);
  });

  it('is the first where none does, for the probe to say why', async () => {
    expect(await reachableAddresses(['127.0.0.3', '127.0.0.4'], port, 2000)).toEqual(['127.0.0.3']);
  });

  it('is a single one as it is', async () => {
    expect(await reachableAddresses(['127.0.0.9'], port, 2000)).toEqual(['127.0.0.9']);
  });
});
