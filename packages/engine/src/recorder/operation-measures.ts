import { OUTCOME_COUNT } from './counters.ts';
import { Histogram } from './histogram.ts';
import type { OperationInterval } from '../model/thread-interval.ts';
import type { TracedRequests } from '../model/traced-request.ts';
import type { Tags } from '../model/tags.ts';
import { FAILS } from '../outcome.ts';
import { PHASES } from './phases.ts';
import { mergeTraced } from './slowest-traced.ts';
import { StreamMeasures } from './stream-measures.ts';
import { TagSets } from './tag-sets.ts';

/**
 * Measurements of one operation, in one interval or the whole run. `addInterval` leaves its own `outcomes` and `interrupted`: the
 * caller adds them from the shared counters (`Measures.addCounters`). Parts by status and tags have no counters: theirs
 * follow from the histograms.
 */
export class OperationMeasures {
  readonly outcomes = new Float64Array(OUTCOME_COUNT);
  interrupted = 0;
  readonly statuses = new Map<number, number>();
  /** NaN if not known, as are the next two. */
  bytesSent = 0;
  bytesReceived = 0;
  retries = 0;
  /** By outcome. */
  readonly response: (Histogram | undefined)[] = Array.from({ length: OUTCOME_COUNT });
  readonly service: (Histogram | undefined)[] = Array.from({ length: OUTCOME_COUNT });
  /** By outcome and HTTP status; of one interval alone: `add` leaves it out, as no document has it. */
  readonly serviceByStatus = new Map<number, Map<number, Histogram>>();
  readonly queueWait = new Histogram();
  /** As PHASES. */
  readonly phases: readonly Histogram[] = PHASES.map(() => new Histogram());
  readonly interruptedAge = new Histogram();
  /** Undefined without streamed responses. */
  streams: StreamMeasures | undefined;
  /** Undefined if no request carried a `traceparent`. */
  traced: TracedRequests | undefined;
  /** Measurements per HTTP status, for statuses that a threshold selects. */
  readonly byStatus = new Map<number, OperationMeasures>();
  /** Of requests with tags of their own; undefined: there are none. */
  byTags: TagSets<OperationMeasures> | undefined;

  get requests(): number {
    let sum = 0;
    for (const count of this.outcomes) sum += count;
    return sum;
  }

  get failed(): number {
    let sum = 0;
    this.outcomes.forEach((count, outcome) => {
      if (FAILS[outcome]!) sum += count;
    });
    return sum;
  }

  addInterval(interval: OperationInterval): void {
    for (const [status, count] of interval.statuses) this.#addStatus(status, count);
    this.bytesSent += interval.bytesSent;
    this.bytesReceived += interval.bytesReceived;
    this.retries += interval.retries;
    for (let outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
      const response = interval.response[outcome];
      if (response !== undefined && response.count > 0) {
        (this.response[outcome] ??= new Histogram()).addSnapshot(response);
      }
      const service = interval.service[outcome];
      if (service !== undefined && service.count > 0) {
        (this.service[outcome] ??= new Histogram()).addSnapshot(service);
      }
    }
    for (const [outcome, status, times] of interval.serviceByStatus ?? []) {
      let own = this.serviceByStatus.get(outcome);
      if (own === undefined) this.serviceByStatus.set(outcome, (own = new Map()));
      let histogram = own.get(status);
      if (histogram === undefined) own.set(status, (histogram = new Histogram()));
      histogram.addSnapshot(times);
    }
    this.queueWait.addSnapshot(interval.queueWait);
    interval.phases.forEach((phase, index) => this.phases[index]!.addSnapshot(phase));
    this.interruptedAge.addSnapshot(interval.interruptedAge);
    if (interval.streams !== undefined) (this.streams ??= new StreamMeasures()).addInterval(interval.streams);
    if (interval.traced !== undefined) this.traced = mergeTraced(this.traced, interval.traced);
    for (const [status, part] of interval.byStatus ?? []) this.#ofStatus(status).#addPart(part);
    for (const [tags, part] of interval.byTags ?? []) this.ofTags(tags).#addPart(part);
  }

  #addPart(part: OperationInterval): void {
    this.addInterval(part);
    part.response.forEach((times, outcome) => {
      this.outcomes[outcome]! += times?.count ?? 0;
    });
    this.interrupted += part.interruptedAge.count;
  }

  add(other: OperationMeasures): void {
    for (let outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
      this.outcomes[outcome]! += other.outcomes[outcome]!;
      const response = other.response[outcome];
      if (response !== undefined) (this.response[outcome] ??= new Histogram()).add(response);
      const service = other.service[outcome];
      if (service !== undefined) (this.service[outcome] ??= new Histogram()).add(service);
    }
    this.interrupted += other.interrupted;
    for (const [status, count] of other.statuses) this.#addStatus(status, count);
    this.bytesSent += other.bytesSent;
    this.bytesReceived += other.bytesReceived;
    this.retries += other.retries;
    this.queueWait.add(other.queueWait);
    other.phases.forEach((phase, index) => this.phases[index]!.add(phase));
    this.interruptedAge.add(other.interruptedAge);
    if (other.streams !== undefined) (this.streams ??= new StreamMeasures()).add(other.streams);
    if (other.traced !== undefined) this.traced = mergeTraced(this.traced, other.traced);
    for (const [status, part] of other.byStatus) this.#ofStatus(status).add(part);
    if (other.byTags !== undefined) for (const [tags, part] of other.byTags) this.ofTags(tags).add(part);
  }

  /** The part of the requests with these tags. */
  ofTags(tags: Tags): OperationMeasures {
    return (this.byTags ??= new TagSets(() => new OperationMeasures())).of(tags);
  }

  #ofStatus(status: number): OperationMeasures {
    let part = this.byStatus.get(status);
    if (part === undefined) this.byStatus.set(status, (part = new OperationMeasures()));
    return part;
  }

  #addStatus(status: number, count: number): void {
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + count);
  }
}

/** The histograms of these outcomes, added up. */
export function mergeOutcomes(
  histograms: readonly (Histogram | undefined)[],
  outcomes?: readonly number[],
): Histogram {
  const merged = new Histogram();
  histograms.forEach((histogram, outcome) => {
    if (histogram !== undefined && (outcomes === undefined || outcomes.includes(outcome))) {
      merged.add(histogram);
    }
  });
  return merged;
}
