import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Workspace } from './support/cli.ts';

const DOCUMENT = {
  openapi: '3.1.0',
  info: { title: 'shop', version: '1' },
  paths: { '/cart': { get: { responses: {} } } },
};
const workspace = new Workspace();
const server = createServer(({ url = '' }, response) => {
  if (url.startsWith('/moved'))
    response.writeHead(302, { location: `${origin.replace('127.0.0.1', 'localhost')}/v1/api.json` }).end();
  else if (url.startsWith('/v1')) response.end(JSON.stringify(DOCUMENT));
  else response.writeHead(url.startsWith('/text') ? 200 : 404).end('no document');
});
let origin = '';
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  workspace.remove();
});

const importFrom = (path: string) =>
  workspace.run(['import', `--openapi=${origin}${path}?token=s3cret`, "--out=the shop's.ts", '--force']);

it('a document that names no server is of the server that it came from', async () => {
  const made = await importFrom('/v1/openapi.json');
  expect(made.err).toBe('');
  expect(made.out).toContain(String.raw`load './the shop'\''s.ts' --once --target=${origin}`);
  const source = workspace.file("the shop's.ts");
  expect(source).toContain('// Made by jarvis-load import from openapi.json.');
  expect(source + made.out).not.toContain('s3cret');
});

it('after a redirect it is of the server that answered', async () => {
  const made = await importFrom('/moved');
  expect(made.out).toContain(`--target=${origin.replace('127.0.0.1', 'localhost')}`);
  expect(workspace.file("the shop's.ts")).toContain('from api.json.');
});

it.each(['/none', '/text'])('an error names the address of %s without its query', async (path) => {
  const { code, err } = await importFrom(path);
  expect(code).toBe(2);
  expect(err).toContain(`${origin}${path}`);
  expect(err).not.toContain('s3cret');
});
