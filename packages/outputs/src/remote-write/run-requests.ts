import type { RunInfo, RunResult } from '@jarvis-load/engine';
import { compress } from 'snappyjs';
import type { Batch } from '../delivery/delivery.ts';
import type { Second } from '../exporter.ts';
import { K6NativeMetrics } from '../metrics/k6-native-metrics.ts';
import { RunMetrics } from '../metrics/run-metrics.ts';
import type { ExporterContext } from '../output-context.ts';
import { nativeSamples } from './native-samples.ts';
import { WriteRequests, type SenderLabels, type WriteRequest } from './write-request.ts';

/**
 * The metrics of one run as compressed write requests. The time of a batch is moved forward where it is not later than the one
 * before. They are sent in the order in which they were made; `end`, one more `batch`, then `stale` come last.
 */
export class RunRequests {
  readonly #metrics: RunMetrics;
  readonly #requests: WriteRequests;
  readonly #native: K6NativeMetrics | undefined;
  readonly #sender: SenderLabels;
  /** Time of the last samples. It must rise: Prometheus rejects two samples of a series at one time. */
  #lastMs = 0;

  constructor(
    run: RunInfo,
    {
      intervalMs,
      locustNames,
      nativeHistograms,
    }: Pick<ExporterContext, 'intervalMs' | 'locustNames' | 'nativeHistograms'>,
  ) {
    this.#metrics = new RunMetrics(run, intervalMs, locustNames);
    this.#native = nativeHistograms ? new K6NativeMetrics(run) : undefined;
    this.#sender = { job: 'jarvis-load', instance: run.runId };
    this.#requests = new WriteRequests(this.#sender);
  }

  add(second: Second): void {
    this.#metrics.add(second);
    this.#native?.add(second.delta);
  }

  /**
   * A sample of each series that there is, and a stale marker of one that is gone. A counter or histogram that begins gets 0 at the
   * time of the batch before. @param timeMs since the epoch
   */
  batch(timeMs: number): Batch {
    this.#lastMs = Math.max(Math.round(timeMs), this.#lastMs + 1);
    return this.#withNative(
      this.#requests.samples(this.#metrics.collect(), this.#lastMs),
      this.#lastMs,
      false,
    );
  }

  /** The final judgement: the next batch has it. */
  end(result: RunResult): void {
    this.#metrics.end(result);
  }

  /** A stale marker of every series. @param afterMs after the last samples */
  stale(afterMs: number): Batch {
    const timeMs = this.#lastMs + afterMs;
    return this.#withNative(this.#requests.end(timeMs), timeMs, true);
  }

  #withNative({ body, points }: WriteRequest, timeMs: number, stale: boolean): Batch {
    if (this.#native === undefined) return { body: compress(body), points };
    const more = nativeSamples(this.#native.series, this.#sender, timeMs, stale);
    return { body: compress(Buffer.concat([body, more.body])), points: points + more.points };
  }
}
