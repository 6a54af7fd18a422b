import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { createServer } from 'node:tls';

/** A TLS proxy in front of a plain HTTP server, like a gateway. */
export interface TlsProxy {
  readonly url: string;
  close(): void;
}

export async function tlsInFrontOf(
  url: string,
  certificate: { readonly cert: string; readonly key: string },
): Promise<TlsProxy> {
  const { hostname, port } = new URL(url);
  const server = createServer(certificate, (secure) => {
    const plain = connect(Number(port), hostname);
    secure.on('error', () => plain.destroy());
    plain.on('error', () => secure.destroy());
    secure.pipe(plain).pipe(secure);
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    close: () => void server.close(),
  };
}
