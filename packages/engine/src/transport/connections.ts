import type { Clock, ClockTimer } from '../clock/clock.ts';
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
  /** From its intended start to the moment it was handed out. */
  readonly lateMs: number;
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

/*
 * Opening a connection costs ten times a request on one. A generator that has fallen behind and opens one for each request
 * that is due falls further behind: 3000 connections at 5000/s, where 16 suffice. So one is opened in a turn of the event
 * loop, and between two turns the answers that have come meanwhile set others free. What was handed out late, all at
 * once, does not even do that while the target goes on answering.
 */
const OPENED_PER_TURN = 1;
const LATE_MS = 10;
const ANSWERING_MS = 5;

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
  #lastAnswerMs = Number.NEGATIVE_INFINITY;
  #retry: ClockTimer | undefined;

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
    const connection = this.#take(flight);
    if (connection === undefined) this.#waiting.push(flight);
    else send(flight, connection);
  }

  release(flight: FlightWithConnection): void {
    const { connection } = flight;
    flight.connection = undefined;
    if (connection === undefined) return;
    if (connection.usable) {
      this.#idle.push(connection);
      if (flight.failure === undefined) this.#lastAnswerMs = flight.endMs;
    } else {
      this.#all.delete(connection);
    }
    this.#serveWaiting();
  }

  withdraw(flight: FlightWithConnection): boolean {
    const index = this.#waiting.indexOf(flight, this.#waitingHead);
    if (index < 0) return false;
    this.#waiting.splice(index, 1);
    return true;
  }

  close(): void {
    if (this.#retry !== undefined) this.#clock.clearTimer(this.#retry);
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

  #take(flight: FlightWithConnection): Connection | undefined {
    const idle = this.#takeIdle();
    if (idle !== undefined) return idle;
    if (this.#all.size >= this.#limit || this.#openedThisTurn === OPENED_PER_TURN) return undefined;
    if (flight.lateMs > LATE_MS && this.#answering()) return undefined;
    if (this.#openedThisTurn++ === 0) this.#clock.soon(() => this.#nextTurn());
    return this.#create();
  }

  /** The one used last of those that are ready at once; where none is, the one used last: it is sooner ready than opened. */
  #takeIdle(): Connection | undefined {
    const idle = this.#idle;
    if (idle.length < 2) return idle.pop();
    let at = idle.length - 1;
    while (at >= 0 && !idle[at]!.ready()) at--;
    if (at < 0 || at === idle.length - 1) return idle.pop();
    return idle.splice(at, 1)[0];
  }

  #nextTurn(): void {
    this.#openedThisTurn = 0;
    this.#serveWaiting();
  }

  /** Whether answers keep coming; looks again where they might cease. */
  #answering(): boolean {
    const nowMs = this.#clock.now();
    if (nowMs - this.#lastAnswerMs > ANSWERING_MS) return false;
    this.#retry ??= this.#clock.setTimer(ANSWERING_MS + 1, () => {
      this.#retry = undefined;
      this.#serveWaiting();
    });
    return true;
  }

  #serveWaiting(): void {
    while (this.#waitingHead < this.#waiting.length) {
      const connection = this.#take(this.#waiting[this.#waitingHead]!);
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
