import type { Clock, ClockTimer } from '../model/clock.ts';
import type { Carrier, Connection, Flight, Transport } from '../model/flight.ts';

/**
 * Assigns connections to the requests of a user: the user's own, or shared ones.
 *
 * Must hold:
 * - A request that ends or is sent again is released first, also a withdrawn one, which has no connection to give back.
 * - `release` may send a queued request at once: a connection that cannot carry another is marked unusable before.
 * - `launch` never ends a request synchronously, because `send` of a connection does not (`Carrier`).
 */
export interface ConnectionSource {
  /** Sends on a free connection, now or when one becomes free; the flight keeps it until `release`. */
  launch(flight: FlightWithConnection): void;
  release(flight: FlightWithConnection): void;
  /** Removes a flight that still waits for a connection; false if it already has one. */
  withdraw(flight: FlightWithConnection): boolean;
  /** Lets concurrent requests of a user have up to this many connections of its own. */
  widen(connections: number): void;
  close(): void;
}

export interface FlightWithConnection extends Flight {
  connection: Carrier | undefined;
  /** From its intended start to the moment it was handed out. */
  readonly lateMs: number;
}

/** One connection per user; concurrent requests of the user queue for it, or for further ones after `widen`. */
export class OwnConnection implements ConnectionSource {
  readonly #transport: Transport;
  readonly #waiting: FlightWithConnection[] = [];
  #connection: Carrier | undefined;
  #busy = false;
  #width = 1;
  /** Beside the first one; most users have none, and an empty set and array take 0.2 kB. */
  #further: { readonly all: Set<Carrier>; readonly idle: Carrier[] } | undefined;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  launch(flight: FlightWithConnection): void {
    if (this.#busy) {
      const connection = this.#width === 1 ? undefined : this.#another();
      if (connection === undefined) this.#waiting.push(flight);
      else send(flight, connection);
      return;
    }
    this.#busy = true;
    if (this.#connection?.usable !== true) this.#connection = this.#transport.connection();
    flight.connection = this.#connection;
    this.#connection.send(flight);
  }

  release(flight: FlightWithConnection): void {
    const { connection } = flight;
    // A flight that was withdrawn while it waited has no connection to release: another flight uses it.
    if (connection === undefined) return;
    flight.connection = undefined;
    if (connection === this.#connection) this.#busy = false;
    else if (connection.usable) this.#further?.idle.push(connection);
    else this.#further?.all.delete(connection);
    const next = this.#waiting.shift();
    if (next !== undefined) this.launch(next);
  }

  withdraw(flight: FlightWithConnection): boolean {
    return remove(this.#waiting, flight);
  }

  widen(connections: number): void {
    this.#width = Math.max(this.#width, connections);
  }

  close(): void {
    this.#connection?.close();
    for (const connection of this.#further?.all ?? []) connection.close();
  }

  #another(): Carrier | undefined {
    const further = (this.#further ??= { all: new Set(), idle: [] });
    const idle = further.idle.pop();
    if (idle !== undefined) return idle;
    if (further.all.size + 1 >= this.#width) return undefined;
    const connection = this.#transport.connection();
    further.all.add(connection);
    return connection;
  }
}

/*
 * Opening a connection costs ten times as much as a request on an open one. A generator that is behind schedule and
 * opens one for each due request falls further behind: 3000 connections at 5000/s, where 16 suffice. So at most one is
 * opened per turn of the event loop; responses that arrive between two turns release others. Requests that were handed
 * out late open none while the target keeps answering.
 */
const OPENED_PER_TURN = 1;
const LATE_MS = 10;
const ANSWERING_MS = 5;

/** Shared connections, most recently used first: few are used all the time, the rest only in bursts. */
export class SharedConnections implements ConnectionSource {
  readonly #transport: Transport;
  readonly #limit: number;
  readonly #clock: Clock;
  readonly #all = new Set<Carrier>();
  readonly #idle: Carrier[] = [];
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

  /**
   * Opens connections before the load starts, so that the first requests do not all open one at once; returns how many
   * opened.
   */
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

  /** Users share as many as there are. */
  widen(): void {}

  close(): void {
    if (this.#retry !== undefined) this.#clock.clearTimer(this.#retry);
    for (const connection of this.#all) connection.close();
  }

  /** These connections as the source of one user; closing the view closes none of them. */
  view(): ConnectionSource {
    return {
      launch: (flight) => this.launch(flight),
      release: (flight) => this.release(flight),
      withdraw: (flight) => this.withdraw(flight),
      // They are shared already.
      widen: () => undefined,
      close: () => undefined,
    };
  }

  #take(flight: FlightWithConnection): Carrier | undefined {
    const idle = this.#takeIdle();
    if (idle !== undefined) return idle;
    if (this.#all.size >= this.#limit || this.#openedThisTurn === OPENED_PER_TURN) return undefined;
    if (flight.lateMs > LATE_MS && this.#answering()) return undefined;
    if (this.#openedThisTurn++ === 0) this.#clock.soon(() => this.#nextTurn());
    return this.#create();
  }

  /**
   * The most recently used of the ready connections; if none is ready, the most recently used one: it becomes ready
   * sooner than a new one opens.
   */
  #takeIdle(): Carrier | undefined {
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

  /** Whether a response arrived within `ANSWERING_MS`; if so, schedules another check for the case that they stop. */
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

function send(flight: FlightWithConnection, connection: Carrier): void {
  flight.connection = connection;
  connection.send(flight);
}

function remove<T>(list: T[], item: T): boolean {
  const index = list.indexOf(item);
  if (index < 0) return false;
  list.splice(index, 1);
  return true;
}
