/** The signals that end a run and still leave its reports. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

const STOP_SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Signals that follow so closely are one: Nx passes each on to a child that also got it from the terminal. */
const SAME_SIGNAL_MS = 500;
/** Iterations that run may go on for so long; then reports are written. */
export const DRAIN_MS = 3000;
/** From the first signal to the end of the process, whatever hangs. */
const LAST_RESORT_MS = 4800;

/** Thrown by {@link Interruption.race} when a signal came first. */
export class Interrupted extends Error {
  readonly signal: StopSignal;

  constructor(signal: StopSignal) {
    super(`interrupted by ${signal}`);
    this.name = 'Interrupted';
    this.signal = signal;
  }
}

/** What the interruption needs from the process. */
export interface SignalSource {
  on(signal: StopSignal, listener: () => void): unknown;
  off(signal: StopSignal, listener: () => void): unknown;
}

/**
 * One place that hears SIGINT, SIGTERM and SIGHUP. The first asks to stop, a later one (500 ms apart) to stop now; when
 * neither works, the last resort ends the process.
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

  /** The first signal, once there was one. */
  get signal(): StopSignal | undefined {
    return this.#first?.signal;
  }

  /** Calls back on the first signal (`now` false) and on a later one (`now` true); at once when one is past. */
  onStop(listener: (signal: StopSignal, now: boolean) => void): () => void {
    this.#listeners.add(listener);
    if (this.#first !== undefined) listener(this.#first.signal, this.#now);
    return () => this.#listeners.delete(listener);
  }

  /** The promise, or {@link Interrupted} as soon as a signal comes. */
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

  /** Takes a signal that this process got, or that a child of it told of. */
  receive(signal: StopSignal): void {
    const at = this.#clock();
    if (this.#first === undefined) {
      this.#first = { signal, at };
      setTimeout(() => this.#lastResort(signal), LAST_RESORT_MS).unref();
    } else if (at - this.#first.at < SAME_SIGNAL_MS || this.#now) return;
    else this.#now = true;
    for (const listener of this.#listeners) listener(this.#first.signal, this.#now);
  }
}
