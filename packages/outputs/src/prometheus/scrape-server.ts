import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { CONTENT_TYPES, type TextFormat } from './text-format.ts';

/** A scraper needs one connection; more are for people who look. */
const MOST_CONNECTIONS = 20;

/** A page for one request. */
export interface Page {
  readonly text: string;
  /** Called when its last byte was handed to the system; never if the scraper has gone before. */
  readonly sent: () => void;
}

/** @param scraper the monitoring system that asks, and keeps what it reads; undefined: a person looks */
export type RenderPage = (format: TextFormat, scraper: string | undefined) => Page;

/** Prometheus and its relatives send it with every scrape. */
const SCRAPE_HEADER = 'x-prometheus-scrape-timeout-seconds';

/**
 * Serves `/metrics`, without authentication: who may reach the address is decided by the command line (`listensToOthers`).
 *
 * Must hold: `render` does not throw, which would end the thread of the output. `sent` of its page is called for a GET that was
 * answered to the end, and for no HEAD. The owner calls `close`.
 */
export class ScrapeServer {
  readonly #server: Server;
  readonly #render: RenderPage;

  constructor(render: RenderPage) {
    this.#render = render;
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#server.maxConnections = MOST_CONNECTIONS;
  }

  /** @throws if the address cannot be listened on */
  async listen(host: string, port: number): Promise<AddressInfo> {
    this.#server.listen({ host, port, exclusive: true });
    await once(this.#server, 'listening');
    // A run that ends early must not be kept alive by this server.
    this.#server.unref();
    return this.#server.address() as AddressInfo;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const [path] = (request.url ?? '').split('?', 1);
    if (path !== '/metrics')
      return void response.writeHead(404, { 'content-type': 'text/plain' }).end('see /metrics\n');
    if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405).end();
    const accept = request.headers.accept ?? '';
    const format: TextFormat = accept.includes('application/openmetrics-text') ? 'openmetrics' : 'text';
    const { text, sent } = this.#render(format, scraperOf(request));
    const body = Buffer.from(text);
    response.writeHead(200, {
      'content-type': CONTENT_TYPES[format],
      'content-length': body.byteLength,
      'cache-control': 'no-store',
    });
    if (request.method === 'HEAD') return void response.end();
    // `end` calls back as well when the other side has gone.
    response.end(body, () => {
      if (!request.socket.destroyed) sent();
    });
  }
}

/** Two systems on one machine that call themselves the same are one. */
function scraperOf({ method, headers, socket }: IncomingMessage): string | undefined {
  if (method !== 'GET' || !(SCRAPE_HEADER in headers)) return undefined;
  return `${socket.remoteAddress ?? ''} ${headers['user-agent'] ?? ''}`;
}
