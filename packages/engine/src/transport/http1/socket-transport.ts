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
import { Connector } from './connector.ts';
import { LoopTurns } from './loop-turns.ts';
import { SocketConnection, type SharedBySockets } from './socket-connection.ts';

/**
 * HTTP/1.1 directly over sockets: usually one write and one read per request, one read buffer shared by all
 * connections, and only the response body allocated per request. A general HTTP client would double the CPU cost of a
 * request.
 */
export class SocketTransport implements Transport {
  readonly #shared: SharedBySockets;

  constructor(settings: TransportSettings, clock: Clock, resolve?: ResolveHost) {
    this.#shared = sharedBySockets(settings, clock, new Connector(settings, clock, resolve));
  }

  get opened(): number {
    return this.#shared.connector.opened;
  }

  get protocol(): HttpProtocol | undefined {
    return this.opened > 0 ? 'HTTP/1.1' : undefined;
  }

  connection(): Connection {
    return new SocketConnection(this.#shared);
  }

  prepareMessages(): Promise<void> {
    return loadFrames();
  }

  messages(listener: MessageListener): MessageConnection {
    return new WebSocketConnection(this.#shared, listener);
  }
}

/** What HTTP/1.1 connections over sockets of this connector have in common. */
export function sharedBySockets(
  settings: TransportSettings,
  clock: Clock,
  connector: Connector,
): SharedBySockets {
  return {
    settings,
    clock,
    connector,
    hostLine: `host: ${new URL(settings.origin).host}\r\n`,
    turns: new LoopTurns((connection) => connection.rested()),
  };
}
