import { isFailure, outcomesOf, type Outcome } from '@jarvis-load/engine/outcome';
import type { OperationPart, RunInfo } from '@jarvis-load/engine';
import { BucketCounts } from './bucket-counts.ts';
import type { Series, FamilySet } from './family.ts';

const REQUESTS = {
  name: 'jarvis_load_requests',
  type: 'counter',
  help: 'Completed requests by outcome; all but ok and hung_up have failed.',
} as const;
const RESPONSES = {
  name: 'jarvis_load_responses',
  type: 'counter',
  help: 'Completed requests by HTTP status; 0: no response.',
} as const;
const RESPONSE_TIME = {
  name: 'jarvis_load_response_time_seconds',
  type: 'histogram',
  help: 'From the intended start of a request to its end.',
} as const;
const SERVICE_TIME = {
  name: 'jarvis_load_service_time_seconds',
  type: 'histogram',
  help: 'From the first byte sent to the end of the response.',
} as const;
const QUEUE_WAIT = {
  name: 'jarvis_load_queue_wait_seconds',
  type: 'histogram',
  help: 'Wait of a request for a user or a connection before its first byte was sent.',
} as const;
const INTERRUPTED = {
  name: 'jarvis_load_requests_interrupted',
  type: 'counter',
  help: 'Requests that the end of the run cut off; not among the completed ones.',
} as const;
const RETRIES = {
  name: 'jarvis_load_retries',
  type: 'counter',
  help: 'Requests sent again because the server never read them; not among the completed ones.',
} as const;
const SENT = { name: 'jarvis_load_sent_bytes', type: 'counter', help: 'Bytes of request bodies.' } as const;
const RECEIVED = {
  name: 'jarvis_load_received_bytes',
  type: 'counter',
  help: 'Bytes of response bodies.',
} as const;

/** Series of one operation. */
class OperationSeries {
  readonly #set: FamilySet;
  readonly #labels: Readonly<Record<string, string>>;
  readonly #outcomes: readonly Outcome[];
  readonly #requests: Readonly<Record<Outcome, Series>>;
  readonly #statuses = new Map<string, Series>();
  readonly #response: readonly [ok: BucketCounts, failed: BucketCounts];
  readonly #service: readonly [ok: BucketCounts, failed: BucketCounts];
  readonly #queueWait = new BucketCounts();
  readonly #counters: Readonly<Record<'interrupted' | 'retries' | 'bytesSent' | 'bytesReceived', Series>>;

  constructor(set: FamilySet, { scenario, operation, stream }: RunInfo['operations'][number]) {
    this.#set = set;
    this.#labels = { scenario, operation };
    const labels = this.#labels;
    this.#outcomes = outcomesOf(stream !== undefined);
    this.#requests = Object.fromEntries(
      this.#outcomes.map((outcome) => [outcome, set.add(REQUESTS, { ...labels, outcome })]),
    ) as Record<Outcome, Series>;
    const byResult = (family: typeof RESPONSE_TIME | typeof SERVICE_TIME): [BucketCounts, BucketCounts] => {
      const both: [BucketCounts, BucketCounts] = [new BucketCounts(), new BucketCounts()];
      set.add(family, { ...labels, result: 'ok' }, both[0]);
      set.add(family, { ...labels, result: 'failed' }, both[1]);
      return both;
    };
    this.#response = byResult(RESPONSE_TIME);
    this.#service = byResult(SERVICE_TIME);
    set.add(QUEUE_WAIT, labels, this.#queueWait);
    this.#counters = {
      interrupted: set.add(INTERRUPTED, labels),
      retries: set.add(RETRIES, labels),
      bytesSent: set.add(SENT, labels),
      bytesReceived: set.add(RECEIVED, labels),
    };
  }

  add(part: OperationPart): void {
    for (const outcome of this.#outcomes) {
      this.#requests[outcome].value += part.outcomes[outcome];
      const place = isFailure(outcome) ? 1 : 0;
      const response = part.response[outcome];
      if (response !== undefined) this.#response[place].add(response);
      const service = part.service[outcome];
      if (service !== undefined) this.#service[place].add(service);
    }
    for (const [status, count] of Object.entries(part.statuses)) this.#statusOf(status).value += count;
    this.#queueWait.add(part.queueWait);
    for (const name of ['interrupted', 'retries', 'bytesSent', 'bytesReceived'] as const)
      this.#counters[name].value += part[name];
  }

  #statusOf(status: string): Series {
    let series = this.#statuses.get(status);
    if (series === undefined) {
      series = this.#set.add(RESPONSES, { ...this.#labels, status });
      this.#statuses.set(status, series);
    }
    return series;
  }
}

/**
 * What operations did: `add` gets each second once. All series are 0 before the first request, except those of
 * `jarvis_load_responses`, of which each begins with the first response of its status, and `jarvis_load_operation_info`, which is 1.
 */
export class OperationMetrics {
  readonly #operations = new Map<string, OperationSeries>();

  constructor(set: FamilySet, run: RunInfo) {
    for (const each of run.operations) {
      const { scenario, operation, method, route } = each;
      this.#operations.set(`${scenario}\n${operation}`, new OperationSeries(set, each));
      const info = {
        name: 'jarvis_load_operation_info',
        type: 'gauge',
        help: 'Operations of the run; always 1.',
      } as const;
      set.add(info, { scenario, operation, method, route }).value = 1;
    }
  }

  add(parts: readonly OperationPart[]): void {
    for (const part of parts) this.#operations.get(`${part.scenario}\n${part.operation}`)?.add(part);
  }
}
