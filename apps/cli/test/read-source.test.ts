import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readFileOrUrl } from '../src/importing/read-source.ts';

let server: Server;
let url = '';
const ended = new AbortController();
beforeEach(async () => {
  // The head of an answer and the first half of its body, then nothing: the reader gives up.
  server = createServer((_, response) => {
    response.writeHead(200).write('{"openapi":', () => ended.abort(new Error('too slow')));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/openapi.json`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

it.each([
  ['http://ada:pw@127.0.0.1:1/a.json?sig=s3cret', '***@127.0.0.1:1/a.json'],
  ['http://[bad/a.json?sig=s3cret', 'http://[bad/a.json'],
  ['http://127.0.0.1:1/p@1/openapi.json?sig=s3cret', 'http://127.0.0.1:1/p@1/openapi.json'],
])('%s is named without what it holds of secrets', async (given, shown) => {
  const refused = readFileOrUrl(given, '--openapi', '.');
  await expect(refused).rejects.toMatchObject({ exit: 'usage', code: 'import-url' });
  const { message } = (await refused.catch((error: unknown) => error)) as Error;
  expect(message).toContain(`--openapi: ${shown} cannot be fetched`);
  expect(message).not.toMatch(/s3cret|pw/);
});

it('a document whose body does not arrive in time is an error of its address', async () => {
  await expect(readFileOrUrl(url, '--openapi', '.', ended.signal)).rejects.toMatchObject({
    exit: 'usage',
    code: 'import-url',
    message: expect.stringContaining('cannot be fetched: too slow') as string,
  });
});
