import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy in front of a mock that issues opaque tokens, and echoes each request of a run in its answer. */
export interface EchoProxy {
  readonly url: string;
  /** The tokens it has issued. */
  readonly issued: ReadonlyMap<string, string>;
  close(): void;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** Encodings of a text in error pages of common frameworks. */
export function formsOf(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1);
  return [
    text,
    json,
    encodeURIComponent(text),
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
    Buffer.from(text).toString('base64'),
    Buffer.from(`admin:${text}`).toString('base64'),
  ];
}

/**
 * @param mock address of a mock with the account admin/admin123
 * @param secrets repeated in every answer, together with the tokens of the requests
 */
export async function echoInFrontOf(mock: string, secrets: readonly string[]): Promise<EchoProxy> {
  const issued = new Map<string, string>();
  const server = createServer((request, response) => {
    const forward = async (): Promise<void> => {
      const { url = '', method = 'GET', headers } = request;
      const text = await textOf(request);
      const login = url.endsWith('/login');
      const opaque = headers.authorization?.replace('Bearer ', '') ?? '';
      const known = issued.get(opaque);
      if (!login && !['probe', 'setup'].includes(String(headers['x-load-phase']))) {
        const repeated = [...secrets, ...(known === undefined ? [] : [opaque])].flatMap(formsOf);
        response.writeHead(500, { 'content-type': 'text/html', 'x-debug': encodeURIComponent(opaque) });
        response.end(`<pre>${JSON.stringify(headers)} ${text}\n${repeated.join('\n')}</pre>`);
        return;
      }
      const answer = await fetch(mock + url, {
        method,
        headers: {
          'content-type': headers['content-type'] ?? 'application/json',
          ...(known === undefined ? {} : { authorization: `Bearer ${known}` }),
        },
        ...(method === 'GET' || method === 'DELETE'
          ? {}
          : { body: login ? JSON.stringify({ username: 'admin', password: 'admin123' }) : text }),
      });
      let body = await answer.text();
      if (login)
        body = body.replace(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, (token) => {
          const replaced = `opaque~${issued.size}/${'t'.repeat(20)}+=`;
          issued.set(replaced, token);
          return replaced;
        });
      response.writeHead(answer.status, {
        'content-type': answer.headers.get('content-type') ?? 'text/plain',
      });
      response.end(body);
    };
    forward().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    issued,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
