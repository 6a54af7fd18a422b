import { Histogram } from './histogram.ts';
import type { HistogramSnapshot } from '../model/histogram-snapshot.ts';
import type { OperationInterval, ServiceByStatus } from '../model/thread-interval.ts';
import { BLOCKED, CONNECTING, PHASES, RECEIVING, SENDING, TLS, WAITING } from './phases.ts';
import { OUTCOME_COUNT } from './counters.ts';
import { StreamRecorder, type StreamRules } from './stream-recorder.ts';
import type { StreamSample } from '../model/stream.ts';
import type { Timings } from '../model/load-response.ts';

/** Requests with one status. */
interface StatusSlot {
  count: number;
  /** By outcome. */
  readonly service: (Histogram | undefined)[];
}

/**
 * Records one operation in one thread between two hand-overs. Creates histograms when first needed. Requests by outcome are not
 * counted here: `ThreadRecorder` counts them in shared memory, so that they survive the death of the thread. `StatusRecorder`
 * extends it: what a request records by status is overridden there.
 */
export class OperationRecorder {
  readonly #index: number;
  readonly #streamRules: StreamRules;
  readonly #response: (Histogram | undefined)[] = Array.from({ length: OUTCOME_COUNT });
  readonly #queueWait = new Histogram();
  readonly #phases = PHASES.map(() => new Histogram());
  readonly #interruptedAge = new Histogram();
  readonly #statuses = new Map<number, StatusSlot>();
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
    const slot = this.#slotOf(status);
    slot.count++;
    if (lastPhase >= SENDING) {
      (slot.service[outcome] ??= new Histogram()).record(timings.serviceTimeMs * 1000);
      phases[SENDING]!.record(timings.sendingMs * 1000);
    }
    if (lastPhase >= WAITING) phases[WAITING]!.record(timings.waitingMs * 1000);
    if (lastPhase >= RECEIVING) phases[RECEIVING]!.record(timings.receivingMs * 1000);
    this.#bytesSent += bytesSent;
    this.#bytesReceived += bytesReceived;
  }

  /** Moves a request that was sent, and recorded since the last flush, to another outcome, with its service time. */
  amend(from: number, to: number, status: number, timings: Timings): void {
    const response = timings.responseTimeMs * 1000;
    this.#response[from]?.remove(response);
    (this.#response[to] ??= new Histogram()).record(response);
    const service = timings.serviceTimeMs * 1000;
    const slot = this.#slotOf(status);
    slot.service[from]?.remove(service);
    (slot.service[to] ??= new Histogram()).record(service);
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
    const slots = [...this.#statuses].filter(([, { count }]) => count > 0);
    const serviceByStatus = slots.flatMap(([status, { service }]) =>
      service.flatMap((histogram, outcome) =>
        histogram === undefined || histogram.count === 0
          ? []
          : [[outcome, status, take(histogram)!] as const],
      ),
    );
    const interval: OperationInterval = {
      index: this.#index,
      statuses: slots.map(([status, { count }]) => [status, count]),
      bytesSent: this.#bytesSent,
      bytesReceived: this.#bytesReceived,
      retries: this.#retries,
      response: this.#response.map(take),
      service: byOutcome(serviceByStatus),
      serviceByStatus,
      queueWait: take(this.#queueWait)!,
      phases: this.#phases.map((phase) => take(phase)!),
      interruptedAge: take(this.#interruptedAge)!,
      ...(this.#streams === undefined ? {} : { streams: this.#streams.flush() }),
    };
    for (const [, slot] of slots) slot.count = 0;
    this.#bytesSent = 0;
    this.#bytesReceived = 0;
    this.#retries = 0;
    this.#touched = false;
    return interval;
  }

  #slotOf(status: number): StatusSlot {
    let slot = this.#statuses.get(status);
    if (slot === undefined)
      this.#statuses.set(status, (slot = { count: 0, service: Array.from({ length: OUTCOME_COUNT }) }));
    return slot;
  }
}

/** Times by outcome; where one status alone has the outcome, the same snapshot, which is cloned once then. */
function byOutcome(times: ServiceByStatus): OperationInterval['service'] {
  return Array.from({ length: OUTCOME_COUNT }, (_, outcome) => {
    const own = times.filter(([each]) => each === outcome).map(([, , snapshot]) => snapshot);
    if (own.length < 2) return own[0];
    const merged = new Histogram();
    for (const snapshot of own) merged.addSnapshot(snapshot);
    return merged.snapshot();
  });
}

function take(histogram: Histogram | undefined): HistogramSnapshot | undefined {
  if (histogram === undefined) return undefined;
  const snapshot = histogram.snapshot();
  histogram.reset();
  return snapshot;
}
