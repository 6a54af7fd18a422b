import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Workspace } from './support/cli.ts';

let workspace: Workspace;
beforeEach(() => void (workspace = new Workspace()));
afterEach(() => workspace.remove());

/** A server that hands out a session, and refuses what comes without it. */
async function startSession(): Promise<{ url: string; seen: string[]; close: () => void }> {
  const seen: string[] = [];
  const server = createServer(({ url = '', headers }, response) => {
    const isKnown = headers.cookie === 'sid=fresh';
    const status = url === '/' || isKnown ? 200 : 401;
    seen.push(`${url} ${status}`);
    if (url === '/') response.setHeader('set-cookie', 'sid=fresh; Path=/');
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () => void server.close(),
  };
}

/** The command that `import` says is next. */
const nextOf = (out: string): string[] => /^ {2}npx jarvis-load (load .*)$/m.exec(out)?.[1]?.split(' ') ?? [];

it('the command after a recording with a session keeps its cookies', async () => {
  const server = await startSession();
  const entry = (path: string, at: number, cookie: string, set: string) => ({
    startedDateTime: new Date(1_700_000_000_000 + at).toISOString(),
    time: 10,
    request: {
      method: 'GET',
      url: server.url + path,
      headers: cookie === '' ? [] : [{ name: 'Cookie', value: cookie }],
    },
    response: {
      status: 200,
      headers: set === '' ? [] : [{ name: 'Set-Cookie', value: set }],
      content: { mimeType: 'application/json', text: '{}' },
    },
  });
  const entries = [entry('/', 0, '', 'sid=old; Path=/'), entry('/account', 50, 'sid=old', '')];
  writeFileSync(join(workspace.directory, 'session.har'), JSON.stringify({ log: { entries } }));
  const imported = await workspace.run(['import', '--har=session.har', '--out=shop.ts']);
  expect(imported.code, imported.err).toBe(0);
  const words = nextOf(imported.out);
  expect(words).toContain('--cookies');
  const ran = await workspace.run(words);
  server.close();
  expect(ran.code, ran.err + ran.out).toBe(0);
  expect(server.seen).toContain('/account 200');
  expect(server.seen).not.toContain('/account 401');
});

it('the command after curl lines with a file of cookies keeps those of answers; after others it has no flag', async () => {
  const line = 'curl http://127.0.0.1:1/orders';
  const withFile = await workspace.run(['import', '--curl', `${line} -b jar.txt`, '--out=a.ts']);
  expect(nextOf(withFile.out)).toContain('--cookies');
  const plain = await workspace.run(['import', '--curl', `${line} -b 'sid=1'`, '--out=b.ts']);
  expect(nextOf(plain.out)).toEqual(['load', './b.ts', '--once', '--target=http://127.0.0.1:1']);
});
