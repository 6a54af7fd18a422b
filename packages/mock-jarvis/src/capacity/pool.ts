import type { Clock, Timer } from '../clock.ts';

/** One unit of work: waits for a free server, is served for `serviceMs`, then calls `done`. */
export interface Job {
  /** Infinite for work whose end is not known before: it holds its server until `release` or `cancel`. */
  readonly serviceMs: number;
  /**
   * Called before `submit` returns where a server is free, hence the ticket.
   * @param startMs when the server became its own, at or before the current time
   */
  readonly started?: (startMs: number, ticket: Ticket) => void;
  /**
   * Called by a timer; not for a job that was cancelled or released.
   * @param endMs when the service was due to end, at or before the current time
   */
  readonly done?: (endMs: number) => void;
}

/** The pool's handle on a submitted job. */
export class Ticket {
  state: 'queued' | 'serving' | 'over' = 'queued';
  timer: Timer | undefined;
  /**
   * Delay of the timer that ended the service, in milliseconds: caused by the machine, not part of the modelled service
   * time.
   */
  lateMs = 0;
  readonly job: Job;
  readonly arrivedMs: number;

  constructor(job: Job, arrivedMs: number) {
    this.job = job;
    this.arrivedMs = arrivedMs;
  }
}

/**
 * `servers` equal servers behind one first-in, first-out queue (G/G/c). The next job starts at the moment the one
 * before it was due to end, not when the timer woke up: otherwise each job would add the timer's lateness, and
 * 800/s of capacity would be 700/s.
 */
export class CapacityPool {
  readonly #clock: Clock;
  #servers: number;
  #busy = 0;
  #queue: Ticket[] = [];
  #head = 0;

  /** @param servers null = no limit */
  constructor(clock: Clock, servers: number | null) {
    this.#clock = clock;
    this.#servers = servers ?? Number.POSITIVE_INFINITY;
  }

  get busy(): number {
    return this.#busy;
  }

  get isUnlimited(): boolean {
    return this.#servers === Number.POSITIVE_INFINITY;
  }

  /** Waiting jobs, including cancelled ones that are still in the queue. */
  get queued(): number {
    return this.#queue.length - this.#head;
  }

  /** @param arrivedMs @default the current time */
  submit(job: Job, arrivedMs = this.#clock.elapsedMs()): Ticket {
    const ticket = new Ticket(job, arrivedMs);
    if (this.#busy < this.#servers) this.#start(ticket, ticket.arrivedMs);
    else this.#queue.push(ticket);
    return ticket;
  }

  /**
   * Removes the job of a client that disconnected: a waiting job is skipped, a job in service frees its server
   * immediately.
   */
  cancel(ticket: Ticket): void {
    if (ticket.state === 'over') return;
    const wasServing = ticket.state === 'serving';
    ticket.state = 'over';
    ticket.timer?.cancel();
    if (wasServing) {
      this.#busy -= 1;
      this.#fill(this.#clock.elapsedMs());
    }
  }

  /** Ends a job of infinite service time at `endMs`, at or before the current time. */
  release(ticket: Ticket, endMs: number): void {
    if (ticket.state !== 'serving') return;
    ticket.state = 'over';
    this.#busy -= 1;
    this.#fill(endMs);
  }

  /** With fewer servers, jobs in service finish first. */
  resize(servers: number | null): void {
    this.#servers = servers ?? Number.POSITIVE_INFINITY;
    this.#fill(this.#clock.elapsedMs());
  }

  #start(ticket: Ticket, startMs: number): void {
    this.#busy += 1;
    ticket.state = 'serving';
    ticket.job.started?.(startMs, ticket);
    const endMs = startMs + ticket.job.serviceMs;
    // `started` may have cancelled it.
    if (endMs === Number.POSITIVE_INFINITY || isOver(ticket)) return;
    ticket.timer = this.#clock.at(endMs, () => this.#finish(ticket, endMs));
  }

  #finish(ticket: Ticket, endMs: number): void {
    ticket.state = 'over';
    ticket.lateMs = Math.max(0, this.#clock.elapsedMs() - endMs);
    this.#busy -= 1;
    this.#fill(endMs);
    ticket.job.done?.(endMs);
  }

  #fill(freeSinceMs: number): void {
    while (this.#busy < this.#servers && this.#head < this.#queue.length) {
      const next = this.#queue[this.#head]!;
      this.#head += 1;
      if (next.state === 'queued') this.#start(next, Math.max(freeSinceMs, next.arrivedMs));
    }
    if (this.#head === this.#queue.length) {
      this.#queue = [];
      this.#head = 0;
    } else if (this.#head > 1024 && this.#head * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
  }
}

function isOver({ state }: Ticket): boolean {
  return state === 'over';
}
