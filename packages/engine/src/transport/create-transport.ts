import type { ResolveHost } from '../model/allowed-host.ts';
import type { Clock } from '../model/clock.ts';
import type { TransportSettings } from '../model/transport-settings.ts';
import type { Transport } from '../model/flight.ts';
import { SocketTransport } from './http1/socket-transport.ts';
import { Http2Transport } from './http2/http2-transport.ts';

/** Creates the transport for a target: HTTP/1.1, or HTTP/2 if it is enabled and the target speaks it. */
export function createTransport(settings: TransportSettings, clock: Clock, resolve?: ResolveHost): Transport {
  // HTTP/2 over TLS only: browsers support nothing else, nor do most servers.
  const http2 = settings.http2 && settings.origin.startsWith('https:');
  return http2 ? new Http2Transport(settings, clock, resolve) : new SocketTransport(settings, clock, resolve);
}
