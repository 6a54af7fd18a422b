import { Dealer } from 'zeromq';
import { writeMessage, type Packable } from '../protocol/write-message.ts';
import type { Link } from './worker-protocol.ts';

/** What happens at the socket. */
export interface LinkEvents {
  connected(): void;
  disconnected(): void;
  received(frame: Uint8Array): void;
}

/** Most messages that wait to be sent; the oldest is dropped for a further one. */
const MOST_WAITING = 10_000;
/** How long the last messages may take to leave. */
const LINGER_MS = 1000;

/**
 * The connection of a worker to its master, a ZeroMQ DEALER. `open` replaces it by one with another node id.
 *
 * Must hold:
 * - `open` before `send`: without a connection, and after `close`, messages are dropped. Waiting ones follow to a connection of
 *   the same node id only.
 * - Messages wait while there is no master: the owner sends none that is out of date later, such as a second `client_ready`.
 * - Events come from the present connection alone, never from one that was replaced. The owner calls `close` last.
 */
export class DealerLink implements Link {
  readonly #address: string;
  readonly #events: LinkEvents;
  #connection: Connection | undefined;

  constructor(host: string, port: number, events: LinkEvents) {
    this.#address = `tcp://${host.includes(':') ? `[${host}]` : host}:${port}`;
    this.#events = events;
  }

  open(nodeId: string): void {
    const queued = this.#connection?.drop() ?? [];
    const isSame = this.#connection?.nodeId === nodeId;
    this.#connection = new Connection(this.#address, nodeId, this.#events);
    if (isSame) this.#connection.sendLater(queued);
  }

  send(type: string, data: Packable): void {
    this.#connection?.send(type, data);
  }

  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.close();
  }
}

/** A ZeroMQ DEALER: one frame for each message. */
class Connection {
  readonly nodeId: string;
  readonly #socket: Dealer;
  #waiting: Uint8Array[] = [];
  #sending: Promise<void> | undefined;
  #dropped = false;

  constructor(address: string, nodeId: string, events: LinkEvents) {
    this.nodeId = nodeId;
    const socket = new Dealer({
      routingId: nodeId,
      // ZeroMQ queues nothing while there is no connection.
      immediate: true,
      linger: LINGER_MS,
      ipv6: true,
      reconnectInterval: 200,
      reconnectMaxInterval: 2000,
      tcpKeepalive: 1,
      tcpKeepaliveIdle: 30,
      maxMessageSize: 4 * 1024 * 1024,
    });
    this.#socket = socket;
    socket.events.on('handshake', () => {
      if (!this.#dropped) events.connected();
    });
    socket.events.on('disconnect', () => {
      if (!this.#dropped) events.disconnected();
    });
    socket.connect(address);
    void this.#receive(events);
  }

  send(type: string, data: Packable): void {
    if (this.#waiting.length >= MOST_WAITING) this.#waiting.shift();
    this.sendLater([writeMessage(type, data, this.nodeId)]);
  }

  sendLater(frames: readonly Uint8Array[]): void {
    if (frames.length === 0) return;
    this.#waiting.push(...frames);
    // The socket takes one message at a time.
    this.#sending ??= this.#sendAll();
  }

  /** Resolves once the queued messages are sent, or after `LINGER_MS`. */
  async close(): Promise<void> {
    await Promise.race([this.#sending, new Promise((resolve) => void setTimeout(resolve, LINGER_MS))]);
    this.drop();
  }

  /** @returns the messages that were not sent */
  drop(): readonly Uint8Array[] {
    const unsent = this.#waiting;
    this.#dropped = true;
    this.#waiting = [];
    this.#socket.close();
    return unsent;
  }

  async #sendAll(): Promise<void> {
    try {
      // The socket takes a message when it is connected: one that it has not taken is still waiting.
      for (let next; (next = this.#waiting[0]) !== undefined;) {
        await this.#socket.send(next);
        if (this.#waiting[0] === next) this.#waiting.shift();
      }
    } catch {
      // The socket was closed: the rest was meant for that connection.
    } finally {
      // Within the same turn: a frame that is queued a turn later must start the next sending.
      this.#sending = undefined;
    }
  }

  async #receive(events: LinkEvents): Promise<void> {
    try {
      for await (const [frame] of this.#socket) {
        if (this.#dropped) return;
        if (frame !== undefined) events.received(frame);
      }
    } catch {
      // Closed.
    }
  }
}
