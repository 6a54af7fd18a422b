import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { CONTENT_TYPES, type TextFormat } from './text-format.ts';

/** A scraper needs one connection; more are for people who look. */
const MOST_CONNECTIONS = 20;

/** @param stored whether a monitoring system asks, which keeps what it reads; else a person looks */
export type RenderPage = (format: TextFormat, stored: boolean) => string;

/** Prometheus and its relatives send it with every scrape. */
const SCRAPE_HEADER = 'x-prometheus-scrape-timeout-seconds';

/**
 * Serves `/metrics`, without authentication: who may reach the address is decided by the command line (`listensToOthers`).
 *
 * Must hold: `render` does not throw, which would end the thread of the output. `onScrape` is called for every GET, and says
 * whether it is one of a person. The owner calls `close`.
 */
export class ScrapeServer {
  readonly #server: Server;
  readonly #render: RenderPage;
  readonly #onScrape: (stored: boolean) => void;

  /** @param onScrape called when the last byte of an answer was handed to the system; `stored` as in {@link RenderPage} */
  constructor(render: RenderPage, onScrape: (stored: boolean) => void) {
    this.#render = render;
    this.#onScrape = onScrape;
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
    const stored = request.method === 'GET' && SCRAPE_HEADER in request.headers;
    const body = Buffer.from(this.#render(format, stored));
    response.writeHead(200, {
      'content-type': CONTENT_TYPES[format],
      'content-length': body.byteLength,
      'cache-control': 'no-store',
    });
    if (request.method === 'HEAD') return void response.end();
    response.end(body, () => this.#onScrape(stored));
  }
}
