import type { RunResult } from '../document/schema.ts';
import type { IntervalEvent, RunEvent } from './events.ts';
import type { RunEnd, RunInfo } from './run-info.ts';
import type { RunSnapshot } from './run-snapshot.ts';

/**
 * Listens to a run: an exporter, a journal, a live page, a progress line. Its methods are called in order: `start`, then
 * events and intervals as they happen, then `stop`.
 *
 * An output that throws, rejects or takes too long does not end the run and does not affect other outputs: the result has
 * one note `output-failed` that names it, secrets redacted. After a failed `start` it is not called again. `interval` and
 * `event` run on the thread of the coordinator, which with one thread makes the load, and are not awaited: be quick, in steps where
 * that takes longer, and do slow work elsewhere.
 * Errors and exceptions are redacted by what the engine knows was sent, and what scenario code named (checks, groups, tags) is
 * not: an output that shows or keeps texts redacts them by the secrets that it knows.
 */
export interface Output {
  /** Unique in the run; for notes and messages. */
  readonly name: string;
  /** If its `start` fails, the run ends before any request: its result rejects with an `EngineError` `output-failed`. @default false */
  readonly required?: boolean;
  /** Before warm-up and setup. Awaited for `timeouts.outputMs`. */
  start?(run: RunInfo): void | Promise<void>;
  /**
   * At the end of each interval of a second. The snapshot's properties are computed when first read, and only during this
   * call. Work of more than a millisecond is divided into steps, by a generator function: the engine lets the event loop
   * turn after each `yield`, so that due requests are sent, and the snapshot can be read until the last step.
   */
  interval?(snapshot: RunSnapshot): void | Generator<undefined, void>;
  /** Phases, notices and changes of the load by the caller, in order with the intervals. */
  event?(event: Exclude<RunEvent, IntervalEvent>): void;
  /**
   * Once after everything else, to write the rest and to release what `start` took. Awaited for `timeouts.outputMs`.
   * @param result the document, without notes on outputs that fail in `stop`; `undefined`: the run has none, such as
   * for a target that may not be loaded
   * @param end what the run adds to its record after the last snapshot, for `replay`; `undefined` as `result`
   */
  stop?(result: RunResult | undefined, end: RunEnd | undefined): void | Promise<void>;
}
