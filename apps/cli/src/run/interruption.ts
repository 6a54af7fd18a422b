/** Signals that end a run with reports. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

const STOP_SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Signals within this time count as one: Nx forwards a signal to a child that also received it from the terminal. */
const SAME_SIGNAL_MS = 500;
/** Time that k6 has for its running iterations after a signal; the engine gives its own as long (`SIGNAL_DRAIN_MS`). */
export const DRAIN_MS = 3000;
/** Time from the first signal to the forced end of the process. */
const LAST_RESORT_MS = 4800;

/** Thrown by {@link Interruption.race} when a signal arrives first. */
export class Interrupted extends Error {
  readonly signal: StopSignal;

  constructor(signal: StopSignal) {
    super(`interrupted by ${signal}`);
    this.name = 'Interrupted';
    this.signal = signal;
  }
}

/** The part of `process` that receives signals. */
export interface SignalSource {
  on(signal: StopSignal, listener: () => void): unknown;
  off(signal: StopSignal, listener: () => void): unknown;
}

/**
 * Central handler of SIGINT, SIGTERM and SIGHUP. The first signal asks to stop, a later one (at least 500 ms after it) to stop
 * immediately. If neither has ended the process in 4.8 s, the last resort does.
 *
 * Must hold: what runs after the first signal, reports included, ends within these 4.8 s. A wait that may be longer is given to
 * `race`, or ended by a listener; its caller removes the listener.
 */
export class Interruption {
  #first: { readonly signal: StopSignal; readonly at: number } | undefined;
  #now = false;
  readonly #listeners = new Set<(signal: StopSignal, now: boolean) => void>();
  readonly #source: SignalSource;
  readonly #clock: () => number;
  readonly #lastResort: (signal: StopSignal) => void;
  readonly #handlers = STOP_SIGNALS.map((signal) => [signal, (): void => this.receive(signal)] as const);

  constructor(
    source: SignalSource,
    lastResort: (signal: StopSignal) => void,
    clock: () => number = () => performance.now(),
  ) {
    this.#source = source;
    this.#lastResort = lastResort;
    this.#clock = clock;
    for (const [signal, handler] of this.#handlers) source.on(signal, handler);
  }

  /** The first signal; undefined before it. */
  get signal(): StopSignal | undefined {
    return this.#first?.signal;
  }

  /**
   * Calls back on the first signal (`now` false) and on a later one (`now` true); immediately if it has already
   * arrived.
   */
  onStop(listener: (signal: StopSignal, now: boolean) => void): () => void {
    this.#listeners.add(listener);
    if (this.#first !== undefined) listener(this.#first.signal, this.#now);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Settles like the promise, or rejects with {@link Interrupted} as soon as a signal arrives. The promise goes on then: what it opens
   * is closed by its own code, as in `startMockProcess`.
   */
  race<T>(promise: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const off = this.onStop((signal) => reject(new Interrupted(signal)));
      promise.then(resolve, reject).finally(() => off());
    });
  }

  /** Stops listening. */
  close(): void {
    for (const [signal, handler] of this.#handlers) this.#source.off(signal, handler);
    this.#listeners.clear();
  }

  /** Handles a signal of this process, or one reported by a child. */
  receive(signal: StopSignal): void {
    const at = this.#clock();
    if (this.#first === undefined) {
      this.#first = { signal, at };
      setTimeout(() => this.#lastResort(signal), LAST_RESORT_MS).unref();
    } else if (at - this.#first.at < SAME_SIGNAL_MS || this.#now) return;
    else this.#now = true;
    // A copy: a listener that is added meanwhile was called by `onStop`.
    for (const listener of Array.from(this.#listeners)) listener(this.#first.signal, this.#now);
  }
}
