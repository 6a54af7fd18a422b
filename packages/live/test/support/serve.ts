import { request as httpRequest, type IncomingMessage } from 'node:http';
import { onTestFinished } from 'vitest';
import {
  startLiveServer,
  type LiveServer,
  type LiveServerOptions,
} from '../../src/server/start-live-server.ts';
import { LiveStore } from '../../src/record/live-store.ts';

/** A server on a free port, closed after the test. */
export async function serve(
  options: Partial<LiveServerOptions> = {},
): Promise<LiveServer & { readonly store: LiveStore; readonly base: string }> {
  const store = options.store ?? new LiveStore(options.control === undefined ? 'view' : 'control');
  const server = await startLiveServer({ ...options, store, port: 0 });
  onTestFinished(() => server.close());
  return Object.assign(server, { store, base: `http://127.0.0.1:${server.port}` });
}

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Sends a request exactly as given: `fetch` would set headers of its own, such as `Host`. */
export function send(
  server: { readonly port: number },
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body?: string,
  host = '127.0.0.1',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host, port: server.port, method, path, headers, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => (text += part));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

export const bearer = ({ token }: { readonly token: string }): Record<string, string> => ({
  authorization: `Bearer ${token}`,
});

export const json = { 'content-type': 'application/json' };
