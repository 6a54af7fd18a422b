/*
 * Sending in order with bounded memory: `Delivery`. Must hold:
 * - `post` never rejects: what fails is `busy` (sent again) or `refused` (lost). It settles soon after its signal aborts:
 *   `finish` waits for it.
 * - The owner calls `finish` once, last; only then is `loss` complete, and the owner reports it (`reportLoss`). It closes what
 *   `post` uses after `finish`.
 * - Points given = sent + lost after `finish`; the batch in flight is dropped only by `finish` at its limit, and counts as lost
 *   then, though it may have arrived.
 * - Reasons are text of the receiver, not redacted here.
 */
/** Bytes for a receiver, and how many points they carry. */
export interface Batch {
  readonly body: Uint8Array;
  readonly points: number;
}

/** What a receiver made of a batch. */
export type Answer =
  | { readonly kind: 'taken'; readonly rejected?: Rejected }
  /** It may take the batch later. */
  | { readonly kind: 'busy'; readonly reason: string; readonly afterMs?: number }
  /** It will never take it. */
  | { readonly kind: 'refused'; readonly reason: string };

/** Points of a batch that was taken without them. */
export interface Rejected {
  readonly points: number;
  readonly reason: string;
}

/** Why points were lost, and how many. */
export interface Loss {
  readonly lost: number;
  /** Points that were given, lost ones included. */
  readonly total: number;
  readonly reason: string;
}

/** The parts of the process that tests replace. */
export interface DeliveryClock {
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  random(): number;
}

const MOST_BYTES = 8 * 2 ** 20;
/** Of batches that are joined: far below what receivers take in one request. */
const MOST_BYTES_JOINED = 2 ** 20;
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 15_000;
/** For `finish` in a hurry. */
const HURRY_MS = 1000;
/** Between attempts once the run has ended. */
const BACKOFF_AT_END_MS = 500;

const systemClock: DeliveryClock = {
  random: Math.random,
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done, { once: true });
    }),
};

/**
 * Sends batches to a receiver one after the other, in order, and keeps those that it cannot take yet: at most 8 MiB,
 * then the oldest are lost. Attempts are repeated with exponential backoff and full jitter. Every lost point is counted.
 *
 * | state    | `add`                              | `finish`                                 |
 * | -------- | ---------------------------------- | ---------------------------------------- |
 * | idle     | sending                            | closed                                   |
 * | sending  | queued                             | short waits until empty or at the limit  |
 * | waiting  | queued                             | the wait ends at once                    |
 * | closed   | counted as lost                    | -                                        |
 */
export class Delivery {
  readonly #post: (batch: Batch, signal: AbortSignal) => Promise<Answer>;
  readonly #clock: DeliveryClock;
  readonly #mostBytes: number;
  readonly #onProblem: (reason: string) => void;
  readonly #join: ((batches: readonly Batch[]) => Batch) | undefined;
  #queue: Batch[] = [];
  #bytes = 0;
  #total = 0;
  #inFlight: readonly Batch[] = [];
  /** Batches in one request: twice as many after one that was taken, half as many after one that was not. */
  #mostJoined = 1;
  #closed = false;
  #finishing = false;
  #working: Promise<void> | undefined;
  #wake = new AbortController();
  /** Lost points by reason. */
  readonly #lost = new Map<string, number>();
  /** Why the batch in flight, or the last one, was not taken; undefined after one that was. */
  #lastProblem: string | undefined;
  /** Whether `onProblem` was called. */
  #isTold = false;
  readonly #stop = new AbortController();
  readonly #hurry = new AbortController();

  constructor(
    post: (batch: Batch, signal: AbortSignal) => Promise<Answer>,
    options: {
      readonly clock?: DeliveryClock;
      readonly mostBytes?: number;
      /** Called with the first problem, during the run. */
      readonly onProblem?: (reason: string) => void;
      /** Makes one batch of several that wait, in their order, for a receiver whose answers take longer than batches come. */
      readonly join?: (batches: readonly Batch[]) => Batch;
    } = {},
  ) {
    const { clock = systemClock, mostBytes = MOST_BYTES, onProblem = () => undefined, join } = options;
    this.#join = join;
    this.#onProblem = onProblem;
    this.#post = post;
    this.#clock = clock;
    this.#mostBytes = mostBytes;
  }

  /** Queues a batch; returns at once. */
  add(batch: Batch): void {
    this.#total += batch.points;
    if (this.#closed) return this.#lose(batch, this.#lastProblem ?? 'the run had ended');
    this.#queue.push(batch);
    this.#bytes += batch.body.byteLength;
    // Keep the batch in flight: the receiver may still take it.
    while (this.#bytes > this.#mostBytes) {
      const oldest = this.#queue.findIndex((candidate) => !this.#inFlight.includes(candidate));
      const [dropped] = oldest < 0 ? [] : this.#queue.splice(oldest, 1);
      if (dropped === undefined) break;
      this.#bytes -= dropped.body.byteLength;
      this.#lose(dropped, this.#lastProblem ?? 'the receiver was too slow');
    }
    if (this.#queue.length > 0) this.#working ??= this.#work();
  }

  /** Sends what is queued, for at most this time; the rest is lost. */
  async finish(withinMs: number): Promise<void> {
    this.#finishing = true;
    this.#wake.abort();
    const limit = new AbortController();
    const inTime = this.#clock.sleep(withinMs, AbortSignal.any([limit.signal, this.#hurry.signal]));
    await Promise.race([this.#working, inTime]);
    if (this.#hurry.signal.aborted)
      await Promise.race([this.#working, this.#clock.sleep(Math.min(withinMs, HURRY_MS), limit.signal)]);
    limit.abort();
    this.#closed = true;
    this.#stop.abort();
    await this.#working;
    for (const batch of this.#queue) this.#lose(batch, this.#lastProblem ?? 'the receiver was too slow');
    this.#queue = [];
  }

  /** `finish`, now or later, takes a second at most. */
  hurry(): void {
    this.#hurry.abort();
  }

  /** Undefined: every point was taken. */
  get loss(): Loss | undefined {
    const [worst] = [...this.#lost].sort(([, a], [, b]) => b - a);
    if (worst === undefined) return undefined;
    const lost = [...this.#lost.values()].reduce((sum, points) => sum + points, 0);
    return { lost, total: this.#total, reason: worst[0] };
  }

  async #work(): Promise<void> {
    let attempt = 0;
    for (let first = this.#next(); first.length > 0 && !this.#closed; first = this.#next()) {
      this.#inFlight = first;
      const batch = first.length > 1 && this.#join !== undefined ? this.#join(first) : first[0]!;
      const answer = await this.#post(batch, this.#stop.signal);
      this.#inFlight = [];
      // What cannot be taken, or not in time, may be so in smaller pieces: of joined batches nothing is lost at once.
      if (answer.kind === 'refused' && first.length > 1) {
        this.#mostJoined = 1;
        continue;
      }
      if (answer.kind !== 'busy') {
        attempt = 0;
        this.#queue.splice(0, first.length);
        for (const { body } of first) this.#bytes -= body.byteLength;
        if (answer.kind === 'taken') {
          this.#mostJoined = first.length * 2;
          this.#lastProblem = undefined;
          if (answer.rejected !== undefined) this.#reject(answer.rejected);
        } else {
          this.#problem(answer.reason);
          this.#lose(batch, answer.reason);
        }
        continue;
      }
      if (this.#closed) {
        // `finish` aborted the attempt: its reason is not one of the receiver.
        this.#lastProblem ??= 'no answer before the end of the run';
        break;
      }
      this.#mostJoined = Math.max(1, Math.floor(first.length / 2));
      this.#problem(answer.reason);
      await this.#wait(attempt++, answer.afterMs);
    }
    // In the turn of the last look at the queue: a batch that is added later starts a worker.
    this.#working = undefined;
  }

  /** The batches to send in one request: the first one that waits, and those after it where batches can be joined. */
  #next(): readonly Batch[] {
    const most = this.#join === undefined ? 1 : this.#mostJoined;
    let count = 0;
    let bytes = 0;
    for (const { body } of this.#queue) {
      if (count === most || (count > 0 && bytes + body.byteLength > MOST_BYTES_JOINED)) break;
      bytes += body.byteLength;
      count++;
    }
    return this.#queue.slice(0, count);
  }

  async #wait(attempt: number, afterMs: number | undefined): Promise<void> {
    if (this.#finishing) return this.#clock.sleep(BACKOFF_AT_END_MS, this.#stop.signal);
    const most = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(attempt, 10));
    const ms = Math.max(this.#clock.random() * most, Math.min(afterMs ?? 0, LONGEST_BACKOFF_MS));
    if (this.#wake.signal.aborted) return;
    await this.#clock.sleep(ms, this.#wake.signal);
  }

  #reject({ points, reason }: Rejected): void {
    this.#tell(reason);
    this.#count(points, reason);
  }

  #problem(reason: string): void {
    this.#tell(reason);
    this.#lastProblem = reason;
  }

  #tell(reason: string): void {
    if (!this.#isTold) this.#onProblem(reason);
    this.#isTold = true;
  }

  #lose(batch: Batch, reason: string): void {
    this.#count(batch.points, reason);
  }

  #count(points: number, reason: string): void {
    this.#lost.set(reason, (this.#lost.get(reason) ?? 0) + points);
  }
}
