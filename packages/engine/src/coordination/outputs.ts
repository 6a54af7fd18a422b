import { EngineError } from '../errors.ts';
import { reasonOf } from '../show.ts';
import { isPromise } from '../user/is-promise.ts';
import type { Clock } from '../model/clock.ts';
import type { IntervalEvent, RunEvent } from '../model/events.ts';
import type { Output } from '../model/output.ts';
import type { RunEnd, RunInfo } from '../model/run-info.ts';
import type { RunSnapshot } from '../model/run-snapshot.ts';
import type { ResultNote, RunResult } from '../document/schema.ts';

/** Most steps of one output in one interval: each waits for a turn of the event loop, and more would not end before the next interval. */
const MOST_STEPS = 10_000;

/**
 * The outputs of a run. An error of one becomes a note of the result and does not affect the others.
 *
 * Must hold:
 * - `stop` is called once on every path, also after `start` threw: it ends the outputs that did start.
 * - The snapshot stays readable until the promise of `interval` settles.
 * - An output whose `start` failed is not called again. After any other error it is; only its first error is noted.
 */
export class Outputs {
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #redact: (text: string) => string;
  readonly #outputs: readonly Output[];
  /** Those that are called: started, or with nothing to start. */
  readonly #started = new Set<Output>();
  readonly #failures = new Map<Output, string>();
  /** Those whose failure is in a note. */
  readonly #noted = new Set<Output>();

  /** @param limitMs for `start` and `stop` of one output */
  constructor(outputs: readonly Output[], limitMs: number, clock: Clock, redact: (text: string) => string) {
    this.#outputs = outputs;
    this.#limitMs = limitMs;
    this.#clock = clock;
    this.#redact = redact;
  }

  /** Whether some output takes snapshots. */
  get takeIntervals(): boolean {
    for (const output of this.#started) if (output.interval !== undefined) return true;
    return false;
  }

  /** @throws EngineError `output-failed` if a required one cannot be started; others are stopped by {@link stop} */
  async start(info: () => RunInfo): Promise<void> {
    if (this.#outputs.length === 0) return;
    const run = info();
    await this.#all(
      this.#outputs,
      'start',
      (output) => output.start?.(run),
      (output) => {
        this.#started.add(output);
      },
    );
    const failed = this.#outputs.find((output) => output.required === true && !this.#started.has(output));
    if (failed !== undefined) {
      throw new EngineError(
        'output-failed',
        `output "${failed.name}" is required and could not be used: ${this.#failures.get(failed)}.`,
      );
    }
  }

  event(event: Exclude<RunEvent, IntervalEvent>): void {
    for (const output of this.#started) this.#call(output, 'event', () => output.event?.(event));
  }

  /** @param turn lets the event loop turn: between two outputs, and between the steps of one */
  async interval(snapshot: RunSnapshot, turn: () => Promise<void>): Promise<void> {
    for (const output of this.#started) {
      if (output.interval === undefined) continue;
      const work = this.#call(output, 'interval', () => output.interval?.(snapshot));
      await turn();
      const generator = this.#call(output, 'interval', () => generatorOf(work));
      if (generator === undefined) continue;
      for (let steps = 0; this.#call(output, 'interval', () => nextStep(generator, steps)) === false; steps++)
        await turn();
    }
  }

  /** @returns notes on outputs that failed since {@link takeNotes} */
  async stop(result: RunResult | undefined, end: RunEnd | undefined): Promise<readonly ResultNote[]> {
    await this.#all([...this.#started], 'stop', (output) => output.stop?.(result, end));
    return this.takeNotes();
  }

  /** A note for each output that has failed since the last call. */
  takeNotes(): readonly ResultNote[] {
    const failed = [...this.#failures].filter(([output]) => !this.#noted.has(output));
    return failed.map(([output, failure]) => {
      this.#noted.add(output);
      return {
        level: 'warning',
        code: 'output-failed',
        text: `${output.name}: ${failure}`,
      };
    });
  }

  /** What `act` returns; undefined if it throws. A promise, which plain JavaScript may return, is not awaited. */
  #call<T>(output: Output, method: string, act: () => T): T | undefined {
    try {
      const made = act();
      if (isPromise(made)) made.then(undefined, (error: unknown) => this.#fail(output, method, error));
      return made;
    } catch (error) {
      this.#fail(output, method, error);
      return undefined;
    }
  }

  /** Calls all at once, and waits for each of them within the limit. */
  async #all(
    outputs: readonly Output[],
    method: string,
    act: (output: Output) => unknown,
    done: (output: Output) => void = () => undefined,
  ): Promise<void> {
    await Promise.all(
      outputs.map(async (output) => {
        try {
          const pending = act(output);
          if (isPromise(pending)) await this.#limited(pending);
          done(output);
        } catch (error) {
          this.#fail(output, method, error);
        }
      }),
    );
  }

  #limited(pending: PromiseLike<unknown>): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = this.#clock.setTimer(this.#limitMs, () =>
        reject(new Error(`it did not end within ${this.#limitMs} ms (timeouts.outputMs)`)),
      );
      Promise.resolve(pending)
        .then(() => resolve(), reject)
        .finally(() => this.#clock.clearTimer(timer));
    });
  }

  /** Keeps the first failure of each output. */
  #fail(output: Output, method: string, error: unknown): void {
    if (this.#failures.has(output)) return;
    this.#failures.set(
      output,
      this.#redact(`${method === 'stop' ? '' : `${method} failed: `}${reasonOf(error)}`),
    );
  }
}

/**
 * The steps of an interval, if it has some: an output in plain JavaScript may return anything, such as a promise.
 * @throws Error for an asynchronous generator, of which nothing would run
 */
function generatorOf(work: unknown): Generator<undefined, void> | undefined {
  if (typeof work !== 'object' || work === null || !('next' in work)) return undefined;
  if (Symbol.asyncIterator in work)
    throw new Error('it is an asynchronous generator; expected a generator or a plain function');
  return Symbol.iterator in work ? (work as Generator<undefined, void>) : undefined;
}

/** @returns whether that was the last one @throws if they do not end */
function nextStep(work: Generator<undefined, void>, before: number): boolean {
  if (before >= MOST_STEPS) throw new Error(`its interval() did not end within ${MOST_STEPS} steps`);
  return work.next().done === true;
}
