import { isFailure, OUTCOMES, type Outcome } from '@jarvis-load/engine/outcome';
import type { OperationPart, RunInfo } from '@jarvis-load/engine';
import { BucketCounts } from '../metrics/bucket-counts.ts';
import { FamilySet, type Family } from '../metrics/family.ts';
import { labelsOfRun } from '../metrics/labels-of-run.ts';
import { secondsDescriptor, serverAttributes, type ConventionMetric } from './convention-metric.ts';

const NAME = 'http.client.request.duration';

/** Times are kept by outcome, so that only these two have a status. */
const STATUS_OF: Readonly<Partial<Record<Outcome, Readonly<Record<string, string>>>>> = {
  rate_limited: { 'http.response.status_code': '429' },
  unauthorized: { 'http.response.status_code': '401' },
};

/** OpenTelemetry's metric of HTTP clients: the service time, with the outcome of a failure as `error.type`. */
export class HttpClientDuration implements ConventionMetric {
  readonly descriptor = secondsDescriptor(NAME, 'Duration of HTTP client requests.');
  readonly #set: FamilySet;
  readonly #operations = new Map<string, Map<Outcome, BucketCounts>>();
  readonly #infos: ReadonlyMap<string, RunInfo['operations'][number]>;
  readonly #server: Readonly<Record<string, string>>;

  constructor(run: RunInfo) {
    this.#set = new FamilySet(labelsOfRun(run));
    this.#infos = new Map(run.operations.map((info) => [`${info.scenario}\n${info.operation}`, info]));
    const { url } = run.target;
    this.#server = { ...serverAttributes(url), 'url.scheme': new URL(url).protocol.replace(':', '') };
  }

  get family(): Family {
    return this.#set.families[0] ?? { name: NAME, type: 'histogram', help: '', series: [] };
  }

  add(parts: readonly OperationPart[]): void {
    for (const part of parts)
      for (const outcome of OUTCOMES) {
        const service = part.service[outcome];
        if (service !== undefined && service.count > 0)
          this.#bucketsOf(`${part.scenario}\n${part.operation}`, outcome)?.add(service);
      }
  }

  #bucketsOf(key: string, outcome: Outcome): BucketCounts | undefined {
    const info = this.#infos.get(key);
    if (info === undefined) return undefined;
    let byOutcome = this.#operations.get(key);
    if (byOutcome === undefined) this.#operations.set(key, (byOutcome = new Map()));
    let buckets = byOutcome.get(outcome);
    if (buckets === undefined) {
      byOutcome.set(outcome, (buckets = new BucketCounts()));
      const labels = {
        ...this.#server,
        'http.request.method': info.method,
        'url.template': info.route,
        'jarvis_load.scenario': info.scenario,
        'jarvis_load.operation': info.operation,
        ...(isFailure(outcome) ? { 'error.type': outcome } : {}),
        ...STATUS_OF[outcome],
      };
      this.#set.add({ name: NAME, type: 'histogram', help: '' }, labels, buckets);
    }
    return buckets;
  }
}
