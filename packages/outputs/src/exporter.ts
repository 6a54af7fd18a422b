import type { Output, RunInfo, RunResult, RunSnapshot } from '@jarvis-load/engine';

/** What an output gets of one second: plain data. */
export interface Second extends Pick<
  RunSnapshot,
  'index' | 'startMs' | 'endMs' | 'startWallMs' | 'last' | 'phase' | 'paused' | 'delta' | 'health' | 'machine'
> {
  /** Thresholds and objectives as they stand: once per interval of the outputs, and with the last second. */
  readonly judged: Pick<RunSnapshot, 'thresholds' | 'objectives'> | undefined;
}

/** A phase, a notice, or a change of the load that was set by hand. */
export type ExporterEvent = Parameters<NonNullable<Output['event']>>[0];

/**
 * An output as it runs in its own thread: an {@link Output} of the engine whose snapshots are plain data. It may compute
 * as long as it needs: the thread that makes the load only hands the data over.
 *
 * Must hold:
 * - `start` settles first; then come `event` and `second` in the order of the run; `stop` is called once, last.
 * - `event`, `second` and `hurry` do not throw: that ends the thread, `stop` is not called, and what was not sent is lost uncounted.
 * - `stop` ends by itself within the limit of the engine for outputs, releases everything but what `serves`, and rejects after that.
 */
export interface Exporter {
  /** Rejects if the output cannot work at all; else problems are counted, and told by `stop`. */
  start(run: RunInfo): Promise<void>;
  event?(event: ExporterEvent): void;
  second(second: Second): void;
  /** The process has to end within seconds: `stop`, which may have begun, ends within one. */
  hurry(): void;
  /** Whether it goes on serving the last values after `stop`, until its thread is ended. */
  readonly serves?: boolean;
  /** Sends and releases what is left. Rejects with what was lost. */
  stop(result: RunResult | undefined): Promise<void>;
}
