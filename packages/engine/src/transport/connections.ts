import type { Clock } from '../clock/clock.ts';
import type { Connection, Flight, Transport } from './flight.ts';

/** Where a user's requests get their connection from. */
export interface ConnectionSource {
  /** Sends on a free connection, now or when one becomes free; the flight keeps it until `release`. */
  launch(flight: FlightWithConnection): void;
  release(flight: FlightWithConnection): void;
  /** Takes back a flight that still waits for a connection; false when it has left. */
  withdraw(flight: FlightWithConnection): boolean;
  close(): void;
}

export interface FlightWithConnection extends Flight {
  connection: Connection | undefined;
}

/** A connection of its own, as a person's client has; concurrent requests of the user take turns. */
export class OwnConnection implements ConnectionSource {
  readonly #transport: Transport;
  readonly #waiting: FlightWithConnection[] = [];
  #connection: Connection | undefined;
  #busy = false;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  launch(flight: FlightWithConnection): void {
    if (this.#busy) {
      this.#waiting.push(flight);
      return;
    }
    this.#busy = true;
    if (this.#connection?.usable !== true) this.#connection = this.#transport.connection();
    flight.connection = this.#connection;
    this.#connection.send(flight);
  }

  release(flight: FlightWithConnection): void {
    // One that was withdrawn while it waited had no connection: another flight is on it.
    if (flight.connection === undefined) return;
    flight.connection = undefined;
    this.#busy = false;
    const next = this.#waiting.shift();
    if (next !== undefined) this.launch(next);
  }

  withdraw(flight: FlightWithConnection): boolean {
    return remove(this.#waiting, flight);
  }

  close(): void {
    this.#connection?.close();
  }
}

/**
 * Opening a connection costs ten times a request on one. A generator that has fallen behind and opens one for each request
 * that is due falls further behind: 3000 connections at 5000/s, where 16 suffice. So only so many are opened in one turn
 * of the event loop, and between two turns the answers that have come meanwhile set others free.
 */
const OPENED_PER_TURN = 4;

/** Shared connections, the last used first: few stay warm, the rest are there for bursts. */
export class SharedConnections implements ConnectionSource {
  readonly #transport: Transport;
  readonly #limit: number;
  readonly #clock: Clock;
  readonly #all = new Set<Connection>();
  readonly #idle: Connection[] = [];
  /** Flights that wait for a connection, first come first served; the head index spares shifting a long queue. */
  #waiting: FlightWithConnection[] = [];
  #waitingHead = 0;
  #openedThisTurn = 0;

  /** @param limit most connections at once */
  constructor(transport: Transport, limit: number, clock: Clock) {
    this.#transport = transport;
    this.#limit = limit;
    this.#clock = clock;
  }

  /** Opens connections beforehand, so that a cold start does not open a flood of them; returns how many opened. */
  async open(count: number): Promise<number> {
    const connections = Array.from({ length: Math.min(count, this.#limit) }, () => this.#create());
    const results = await Promise.all(connections.map((connection) => connection.open()));
    this.#idle.push(...connections);
    return results.filter(Boolean).length;
  }

  launch(flight: FlightWithConnection): void {
    const connection = this.#take();
    if (connection === undefined) this.#waiting.push(flight);
    else send(flight, connection);
  }

  release(flight: FlightWithConnection): void {
    const { connection } = flight;
    flight.connection = undefined;
    if (connection === undefined) return;
    if (connection.usable) this.#idle.push(connection);
    else this.#all.delete(connection);
    this.#serveWaiting();
  }

  withdraw(flight: FlightWithConnection): boolean {
    const index = this.#waiting.indexOf(flight, this.#waitingHead);
    if (index < 0) return false;
    this.#waiting.splice(index, 1);
    return true;
  }

  close(): void {
    for (const connection of this.#all) connection.close();
  }

  /** The same connections for one user: its leaving closes none of them. */
  view(): ConnectionSource {
    return {
      launch: (flight) => this.launch(flight),
      release: (flight) => this.release(flight),
      withdraw: (flight) => this.withdraw(flight),
      close: () => undefined,
    };
  }

  #take(): Connection | undefined {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#all.size >= this.#limit || this.#openedThisTurn === OPENED_PER_TURN) return undefined;
    if (this.#openedThisTurn++ === 0) this.#clock.soon(() => this.#nextTurn());
    return this.#create();
  }

  #nextTurn(): void {
    this.#openedThisTurn = 0;
    this.#serveWaiting();
  }

  #serveWaiting(): void {
    while (this.#waitingHead < this.#waiting.length) {
      const connection = this.#take();
      if (connection === undefined) return;
      send(this.#nextWaiting(), connection);
    }
  }

  #create(): Connection {
    const connection = this.#transport.connection();
    this.#all.add(connection);
    return connection;
  }

  #nextWaiting(): FlightWithConnection {
    const next = this.#waiting[this.#waitingHead++]!;
    if (this.#waitingHead > 1024 && this.#waitingHead * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#waitingHead);
      this.#waitingHead = 0;
    }
    return next;
  }
}

function send(flight: FlightWithConnection, connection: Connection): void {
  flight.connection = connection;
  connection.send(flight);
}

function remove<T>(list: T[], item: T): boolean {
  const index = list.indexOf(item);
  if (index < 0) return false;
  list.splice(index, 1);
  return true;
}
