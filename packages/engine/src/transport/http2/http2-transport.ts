import type { Clock } from '../../model/clock.ts';
import type { ResolveHost } from '../../model/allowed-host.ts';
import type { TransportSettings } from '../../model/transport-settings.ts';
import type {
  Connection,
  HttpProtocol,
  MessageConnection,
  MessageListener,
  Transport,
} from '../../model/flight.ts';
import { loadFrames } from '../websocket/frames.ts';
import { WebSocketConnection } from '../websocket/web-socket-connection.ts';
import { Connector } from '../http1/connector.ts';
import { sharedBySockets } from '../http1/socket-transport.ts';
import { Http2Connection, type SharedByHttp2 } from './http2-connection.ts';

/** HTTP/2 over Node's own implementation, one request at a time per connection; HTTP/1.1 for servers without HTTP/2. */
export class Http2Transport implements Transport {
  readonly #shared: SharedByHttp2;

  constructor(settings: TransportSettings, clock: Clock, resolve?: ResolveHost) {
    const sockets = sharedBySockets(settings, clock, new Connector(settings, clock, resolve));
    const { host } = new URL(settings.origin);
    this.#shared = { sockets, authority: host, protocol: undefined };
  }

  get opened(): number {
    return this.#shared.sockets.connector.opened;
  }

  get protocol(): HttpProtocol | undefined {
    return this.#shared.protocol;
  }

  connection(): Connection {
    return new Http2Connection(this.#shared);
  }

  prepareMessages(): Promise<void> {
    return loadFrames();
  }

  messages(listener: MessageListener): MessageConnection {
    return new WebSocketConnection(this.#shared.sockets, listener);
  }
}
