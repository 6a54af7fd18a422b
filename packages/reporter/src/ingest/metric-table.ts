import { parseSelector, type MetricType } from '@jarvis-load/engine/ingest';
import type { MetricResult } from '@jarvis-load/engine/result';
import type { K6MetricLine, K6Tags } from './k6-line.ts';
import { MetricSink } from './metric-sink.ts';

/** One metric of a k6 run with its selections. */
interface Metric {
  readonly name: string;
  readonly kind: MetricResult['kind'];
  readonly unit: string;
  readonly sink: MetricSink;
  readonly selections: { readonly name: string; readonly tags: K6Tags; readonly sink: MetricSink }[];
}

/** Units of k6's own metrics, which it counts without one. */
const COUNTED = new Set(['http_reqs', 'iterations', 'dropped_iterations', 'vus', 'vus_max']);

/** Every metric of a k6 run, k6's own and the script's, as k6 would sum them up. */
export class MetricTable {
  readonly #metrics = new Map<string, Metric>();
  /** Thresholds that were found with a metric, by metric or selection. */
  readonly thresholds = new Map<string, readonly string[]>();
  /** Of those the ones with `abortOnFail`, as `metric: expression`. */
  readonly aborting = new Set<string>();
  /** Selections that k6 says it keeps, by name. */
  readonly selections = new Set<string>();
  /** Selections that were asked for before their metric was met. */
  readonly #wanted: string[];

  /** @param selections that a threshold is about, such as `http_req_duration{name:chat.send}` */
  constructor(selections: readonly string[]) {
    this.#wanted = [...selections];
  }

  declare(line: K6MetricLine): void {
    if (line.thresholds.length > 0) this.thresholds.set(line.name, line.thresholds);
    for (const expression of line.aborting) this.aborting.add(`${line.name}: ${expression}`);
    for (const name of line.submetrics) this.selections.add(name);
    if (this.#metrics.has(line.name)) return;
    const metric: Metric = {
      name: line.name,
      kind: line.type,
      unit: unitOf(line),
      sink: new MetricSink(line.type),
      selections: [],
    };
    this.#metrics.set(line.name, metric);
    for (const name of [...line.submetrics, ...this.#wanted]) select(metric, name);
  }

  has(name: string): boolean {
    return this.#metrics.has(name);
  }

  /** A trend without a unit: not a duration of k6 or of the script. */
  isPlainTrend(name: string): boolean {
    const metric = this.#metrics.get(name);
    return metric?.kind === 'trend' && metric.unit === '';
  }

  /** Where samples with these tags go: the metric, and each selection that they belong to. */
  sinksFor(name: string, tags: K6Tags): readonly MetricSink[] {
    const metric = this.#metrics.get(name);
    if (metric === undefined) return [];
    const { sink, selections } = metric;
    const chosen = selections.filter((selection) =>
      Object.entries(selection.tags).every(([tag, value]) => (tags[tag] ?? '') === value),
    );
    return [sink, ...chosen.map((selection) => selection.sink)];
  }

  /** A metric or a selection; nothing when it had no sample. */
  sink(name: string): MetricSink | undefined {
    const metric = this.#metrics.get(name.split('{', 1)[0] ?? name);
    if (metric === undefined || metric.name === name) return metric?.sink;
    return metric.selections.find((selection) => selection.name === name)?.sink;
  }

  /** Kind and unit by name. */
  get types(): ReadonlyMap<string, MetricType> {
    return new Map([...this.#metrics].map(([name, { kind, unit }]) => [name, { kind, unit }]));
  }

  /** @param durationMs time that counters are relative to */
  results(durationMs: number): MetricResult[] {
    return [...this.#metrics.values()].flatMap(({ name, kind, unit, sink, selections }) =>
      [{ name, sink }, ...selections].map((each) => ({
        name: each.name,
        kind,
        unit,
        scenario: null,
        values: each.sink.statistics(durationMs),
        rejected: each.sink.rejected,
      })),
    );
  }
}

function select(metric: Metric, name: string): void {
  if (metric.selections.some((selection) => selection.name === name)) return;
  let selector: ReturnType<typeof parseSelector>;
  try {
    selector = parseSelector(name);
  } catch {
    return; // A script may name a selection in a way that only k6 reads.
  }
  if (selector.metric !== metric.name || Object.keys(selector.tags).length === 0) return;
  metric.selections.push({ name, tags: selector.tags, sink: new MetricSink(metric.kind) });
}

function unitOf({ name, type, contains }: K6MetricLine): string {
  if (type === 'rate') return 'share';
  if (contains === 'time') return 'ms';
  if (contains === 'data') return 'bytes';
  return COUNTED.has(name) ? 'count' : '';
}
