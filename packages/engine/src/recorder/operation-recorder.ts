import { Histogram } from './histogram.ts';
import type { HistogramSnapshot } from '../model/histogram-snapshot.ts';
import type { OperationInterval } from '../model/thread-interval.ts';
import { BLOCKED, CONNECTING, PHASES, RECEIVING, SENDING, TLS, WAITING } from './phases.ts';
import { OUTCOME_COUNT } from './counters.ts';
import { StreamRecorder, type StreamRules } from './stream-recorder.ts';
import type { StreamSample } from '../model/stream.ts';
import type { Timings } from '../model/load-response.ts';

/**
 * Records one operation in one thread between two hand-overs. Creates histograms when first needed. Requests by outcome are not
 * counted here: `ThreadRecorder` counts them in shared memory, so that they survive the death of the thread. `StatusRecorder`
 * extends it: what a request records by status is overridden there.
 */
export class OperationRecorder {
  readonly #index: number;
  readonly #streamRules: StreamRules;
  readonly #response: (Histogram | undefined)[] = Array.from({ length: OUTCOME_COUNT });
  readonly #service: (Histogram | undefined)[] = Array.from({ length: OUTCOME_COUNT });
  readonly #queueWait = new Histogram();
  readonly #phases = PHASES.map(() => new Histogram());
  readonly #interruptedAge = new Histogram();
  readonly #statuses = new Map<number, number>();
  #bytesSent = 0;
  #bytesReceived = 0;
  #retries = 0;
  #touched = false;
  #streams: StreamRecorder | undefined;

  constructor(index: number, streams: StreamRules) {
    this.#index = index;
    this.#streamRules = streams;
  }

  /** @param lastPhase index in PHASES of the last phase that the request entered; later phases are not recorded */
  record(
    outcome: number,
    status: number,
    timings: Timings,
    lastPhase: number,
    bytesSent: number,
    bytesReceived: number,
  ): void {
    this.#touched = true;
    (this.#response[outcome] ??= new Histogram()).record(timings.responseTimeMs * 1000);
    this.#queueWait.record(timings.queueWaitMs * 1000);
    const phases = this.#phases;
    phases[BLOCKED]!.record(Math.max(0, timings.queueWaitMs - timings.connectMs - timings.tlsMs) * 1000);
    // As in k6, a request on an open connection counts with a connect time of 0 ms.
    if (lastPhase >= CONNECTING) phases[CONNECTING]!.record(timings.connectMs * 1000);
    if (lastPhase >= TLS) phases[TLS]!.record(timings.tlsMs * 1000);
    if (lastPhase >= SENDING) {
      (this.#service[outcome] ??= new Histogram()).record(timings.serviceTimeMs * 1000);
      phases[SENDING]!.record(timings.sendingMs * 1000);
    }
    if (lastPhase >= WAITING) phases[WAITING]!.record(timings.waitingMs * 1000);
    if (lastPhase >= RECEIVING) phases[RECEIVING]!.record(timings.receivingMs * 1000);
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
    this.#bytesSent += bytesSent;
    this.#bytesReceived += bytesReceived;
  }

  /** Moves a request that was recorded since the last flush to another outcome. */
  amend(from: number, to: number, _status: number, timings: Timings): void {
    const response = timings.responseTimeMs * 1000;
    this.#response[from]?.remove(response);
    (this.#response[to] ??= new Histogram()).record(response);
    const service = timings.serviceTimeMs * 1000;
    this.#service[from]?.remove(service);
    (this.#service[to] ??= new Histogram()).record(service);
  }

  recordStream(
    outcome: number,
    startMs: number,
    intendedMs: number,
    sentMs: number,
    sample: StreamSample,
  ): void {
    this.#touched = true;
    this.#streams ??= new StreamRecorder(this.#streamRules);
    this.#streams.record(outcome, startMs, intendedMs, sentMs, sample);
  }

  recordRetry(): void {
    this.#touched = true;
    this.#retries++;
  }

  recordInterrupted(ageMs: number): void {
    this.#touched = true;
    this.#interruptedAge.record(ageMs * 1000);
  }

  /** Returns the new measurements and resets; `undefined` if there are none. */
  flush(): OperationInterval | undefined {
    if (!this.#touched) return undefined;
    const interval: OperationInterval = {
      index: this.#index,
      statuses: [...this.#statuses],
      bytesSent: this.#bytesSent,
      bytesReceived: this.#bytesReceived,
      retries: this.#retries,
      response: this.#response.map(take),
      service: this.#service.map(take),
      queueWait: take(this.#queueWait)!,
      phases: this.#phases.map((phase) => take(phase)!),
      interruptedAge: take(this.#interruptedAge)!,
      ...(this.#streams === undefined ? {} : { streams: this.#streams.flush() }),
    };
    this.#statuses.clear();
    this.#bytesSent = 0;
    this.#bytesReceived = 0;
    this.#retries = 0;
    this.#touched = false;
    return interval;
  }
}

function take(histogram: Histogram | undefined): HistogramSnapshot | undefined {
  if (histogram === undefined) return undefined;
  const snapshot = histogram.snapshot();
  histogram.reset();
  return snapshot;
}
