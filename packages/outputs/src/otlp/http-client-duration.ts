import { isFailure, OUTCOMES, type Outcome } from '@jarvis-load/engine/outcome';
import type { OperationPart, RunInfo } from '@jarvis-load/engine';
import { BucketCounts } from '../metrics/bucket-counts.ts';
import { FamilySet, type Family } from '../metrics/family.ts';
import { labelsOfRun } from '../metrics/labels-of-run.ts';
import { secondsDescriptor, serverAttributes, type ConventionMetric } from './convention-metric.ts';

const NAME = 'http.client.request.duration';

/** No answer came. */
const NO_STATUS = '0';

/**
 * OpenTelemetry's metric of HTTP clients: the service time by status of the answer. `error.type` of a failure is the status if
 * that is one of an error, else the outcome, which `jarvis_load.outcome` always has. `add` gets each second once.
 */
export class HttpClientDuration implements ConventionMetric {
  readonly descriptor = secondsDescriptor(NAME, 'Duration of HTTP client requests.');
  readonly #set: FamilySet;
  readonly #operations = new Map<string, Map<string, BucketCounts>>();
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
        for (const [status, times] of Object.entries(part.serviceByStatus?.[outcome] ?? {}))
          this.#bucketsOf(`${part.scenario}\n${part.operation}`, outcome, status)?.add(times);
      }
  }

  #bucketsOf(key: string, outcome: Outcome, status: string): BucketCounts | undefined {
    const info = this.#infos.get(key);
    if (info === undefined) return undefined;
    let own = this.#operations.get(key);
    if (own === undefined) this.#operations.set(key, (own = new Map()));
    const place = `${outcome} ${status}`;
    let buckets = own.get(place);
    if (buckets === undefined) {
      own.set(place, (buckets = new BucketCounts()));
      const labels = {
        ...this.#server,
        'http.request.method': info.method,
        'url.template': info.route,
        'jarvis_load.scenario': info.scenario,
        'jarvis_load.operation': info.operation,
        'jarvis_load.outcome': outcome,
        ...(isFailure(outcome) ? { 'error.type': Number(status) >= 400 ? status : outcome } : {}),
        ...(status === NO_STATUS ? {} : { 'http.response.status_code': status }),
      };
      this.#set.add({ name: NAME, type: 'histogram', help: '' }, labels, buckets);
    }
    return buckets;
  }
}
