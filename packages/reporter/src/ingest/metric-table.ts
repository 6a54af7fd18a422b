/**
 * The metrics of a k6 run, shared by all its files.
 *
 * Must hold:
 * - A metric is declared before its first sample (`SampleSource` sees to it): a series asks once for its sinks, and a selection
 *   that came later would miss its samples.
 * - Declared again, by another file, a metric keeps kind, unit and sinks. `SampleSource` has refused other thresholds by then.
 * - A selection that `parseSelector` cannot read has no sink: thresholds on it become `unreadable`.
 */
import { parseSelector, type MetricType } from '@jarvis-load/engine/ingest';
import type { MetricResult } from '@jarvis-load/engine/result';
import type { K6MetricLine, K6Tags } from './k6-line.ts';
import { MetricSink } from './metric-sink.ts';

/** One metric with its selections. */
interface Metric {
  readonly name: string;
  readonly kind: MetricResult['kind'];
  readonly unit: string;
  readonly sink: MetricSink;
  readonly selections: { readonly name: string; readonly tags: K6Tags; readonly sink: MetricSink }[];
}

/** k6's own metrics that are counts; k6 declares no unit for them. */
const COUNTED = new Set([
  'http_reqs',
  'iterations',
  'dropped_iterations',
  'vus',
  'vus_max',
  'ws_sessions',
  'ws_msgs_sent',
  'ws_msgs_received',
]);

/** Every metric of a k6 run, built-in and custom, aggregated as k6 does. */
export class MetricTable {
  readonly #metrics = new Map<string, Metric>();
  readonly #declared = new Set<string>();
  /** Thresholds declared with a metric, by metric or selection. */
  readonly thresholds = new Map<string, readonly string[]>();
  /** Those with `abortOnFail`, as `metric: expression`. */
  readonly aborting = new Set<string>();
  /** Names of the selections that k6 keeps. */
  readonly selections = new Set<string>();
  /** Selections requested before their metric is declared. */
  readonly #wanted: string[];

  /** @param selections selections with thresholds, such as `http_req_duration{name:chat.send}` */
  constructor(selections: readonly string[]) {
    this.#wanted = [...selections];
  }

  /** Thresholds that a file declared with a metric; undefined where none declared it. */
  declaredThresholds(name: string): readonly string[] | undefined {
    return this.#declared.has(name) ? (this.thresholds.get(name) ?? []) : undefined;
  }

  /** A metric that the output names without declaring it. */
  declareUntold(line: Pick<K6MetricLine, 'name' | 'type' | 'contains'>): void {
    this.#add({ ...line, thresholds: [], aborting: [], submetrics: [] });
  }

  declare(line: K6MetricLine): void {
    this.#declared.add(line.name);
    this.#add(line);
  }

  #add(line: K6MetricLine): void {
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

  kindOf(name: string): MetricResult['kind'] | undefined {
    return this.#metrics.get(name)?.kind;
  }

  /** Whether the metric is a trend without a unit, hence not a duration. */
  isPlainTrend(name: string): boolean {
    const metric = this.#metrics.get(name);
    return metric?.kind === 'trend' && metric.unit === '';
  }

  /** Sinks for samples with these tags: that of the metric, and those of all matching selections. */
  sinksFor(name: string, tags: K6Tags): readonly MetricSink[] {
    const metric = this.#metrics.get(name);
    if (metric === undefined) return [];
    const { sink, selections } = metric;
    const chosen = selections.filter((selection) =>
      Object.entries(selection.tags).every(([tag, value]) => (tags[tag] ?? '') === value),
    );
    return [sink, ...chosen.map((selection) => selection.sink)];
  }

  /** The sink of a metric or selection; undefined when it was not declared. */
  sink(name: string): MetricSink | undefined {
    const metric = this.#metrics.get(name.split('{', 1)[0] ?? name);
    if (metric === undefined || metric.name === name) return metric?.sink;
    return metric.selections.find((selection) => selection.name === name)?.sink;
  }

  /** Kind and unit by name. */
  get types(): ReadonlyMap<string, MetricType> {
    return new Map([...this.#metrics].map(([name, { kind, unit }]) => [name, { kind, unit }]));
  }

  /** @param durationMs time base of counter rates */
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
    return; // A selection in a syntax that only k6 supports is ignored.
  }
  if (selector.metric !== metric.name || Object.keys(selector.tags).length === 0) return;
  metric.selections.push({ name, tags: selector.tags, sink: new MetricSink(metric.kind) });
}

/** Unit of a metric. */
export function unitOf({ name, type, contains }: Pick<K6MetricLine, 'name' | 'type' | 'contains'>): string {
  if (type === 'rate') return 'share';
  if (contains === 'time') return 'ms';
  if (contains === 'data') return 'bytes';
  return COUNTED.has(name) ? 'count' : '';
}
