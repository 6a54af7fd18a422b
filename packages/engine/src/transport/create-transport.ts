import type { ResolveHost } from '../guard/guard.ts';
import type { Clock } from '../clock/clock.ts';
import type { TransportSettings } from '../run/transport-settings.ts';
import type { Transport } from './flight.ts';
import { SocketTransport } from './http1/socket-transport.ts';
import { Http2Transport } from './http2/http2-transport.ts';

/** The way to a target: HTTP/1.1, or HTTP/2 where it is asked for and the target speaks it. */
export function createTransport(settings: TransportSettings, clock: Clock, resolve?: ResolveHost): Transport {
  // Servers speak HTTP/2 over TLS only, as a rule, and browsers do.
  const http2 = settings.http2 && settings.origin.startsWith('https:');
  return http2 ? new Http2Transport(settings, clock, resolve) : new SocketTransport(settings, clock, resolve);
}
