import type { MessageConnection, MessageListener } from '../../model/flight.ts';
import type { ConnectionSource, FlightWithConnection } from '../../transport/connections.ts';
import type { MessageAddress, StreamReader } from '../stream/stream-reader.ts';

const NORMAL = 1000;

/** The WebSocket of one `user.stream`: opened for it, and closed at its end. */
export class OneExchange implements ConnectionSource, MessageListener {
  readonly #connection: MessageConnection;
  readonly #reader: StreamReader;

  constructor(to: MessageAddress, reader: StreamReader) {
    this.#reader = reader;
    this.#connection = to.messages(this);
  }

  launch(flight: FlightWithConnection): void {
    flight.connection = this.#connection;
    this.#connection.send(flight);
  }

  release(flight: FlightWithConnection): void {
    flight.connection = undefined;
    void this.#connection.leave(NORMAL);
  }

  withdraw(): boolean {
    return false;
  }

  widen(): void {}

  close(): void {
    this.#connection.close();
  }

  opened(): boolean {
    return false;
  }

  message(data: Buffer, binary: boolean, atMs: number): boolean {
    return this.#reader.message(data, binary, atMs);
  }

  closed(): void {}
}
