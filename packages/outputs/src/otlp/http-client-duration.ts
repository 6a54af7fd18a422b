import { OUTCOMES, type Outcome } from '@jarvis-load/engine/outcome';
import type { OperationPart, RunInfo } from '@jarvis-load/engine';
import type { MetricData } from '@opentelemetry/sdk-metrics';
import { BucketCounts } from '../metrics/bucket-counts.ts';
import { FamilySet, type Family } from '../metrics/family.ts';
import { labelsOfRun } from '../metrics/labels-of-run.ts';

const NAME = 'http.client.request.duration';

/** OpenTelemetry's metric of HTTP clients: the service time, with the outcome of a failure as `error.type`. */
export class HttpClientDuration {
  readonly descriptor: MetricData['descriptor'] = {
    name: NAME,
    description: 'Duration of HTTP client requests.',
    unit: 's',
    valueType: 1,
  };
  readonly #set: FamilySet;
  readonly #operations = new Map<string, Map<Outcome, BucketCounts>>();
  readonly #infos: ReadonlyMap<string, RunInfo['operations'][number]>;
  readonly #server: Readonly<Record<string, string>>;

  constructor(run: RunInfo) {
    this.#set = new FamilySet(labelsOfRun(run));
    this.#infos = new Map(run.operations.map((info) => [`${info.scenario} ${info.operation}`, info]));
    const { hostname, port, protocol } = new URL(run.target.url);
    this.#server = {
      'server.address': hostname,
      'server.port': port === '' ? (protocol === 'https:' ? '443' : '80') : port,
      'url.scheme': protocol.replace(':', ''),
    };
  }

  get family(): Family {
    return this.#set.families[0] ?? { name: NAME, type: 'histogram', help: '', series: [] };
  }

  add(parts: readonly OperationPart[]): void {
    for (const part of parts)
      for (const outcome of OUTCOMES) {
        const service = part.service[outcome];
        if (service !== undefined && service.count > 0)
          this.#bucketsOf(`${part.scenario} ${part.operation}`, outcome)?.add(service);
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
        ...(outcome === 'ok' ? {} : { 'error.type': outcome }),
      };
      this.#set.add({ name: NAME, type: 'histogram', help: '' }, labels, buckets);
    }
    return buckets;
  }
}
