import { BUILTIN_TAGS } from '../builtin-tags.ts';
import { didYouMean } from '../did-you-mean.ts';
import { EngineError } from '../errors.ts';
import { OUTCOMES } from '../outcome.ts';
import type { MetricSelection } from '../recorder/metric-recorder.ts';
import { customKey, type Measures } from '../recorder/measures.ts';
import { TrendHistogram } from '../recorder/trend-histogram.ts';
import type { CompiledRun, RecordedScenario } from '../model/compiled-run.ts';
import type { MetricDeclaration, Operation, Tags } from '../model/scenario.ts';
import type { MetricType } from '../thresholds/bind.ts';
import type { MetricValues } from '../thresholds/metric-values.ts';
import { formatSelector, type MetricSelector } from '../thresholds/parse-selector.ts';
import { BUILTIN_METRICS, builtinMetric, contributes, plannedIterations } from './builtin.ts';
import { parseStatus, selectionOf, type Selection } from './selection.ts';

/** Reads the values of one selector from the measurements. */
export type MetricReader = (measures: Measures) => MetricValues | undefined;

/**
 * The metrics of one run, built-in and declared. {@link reader} also notes which tags and statuses recorders must record
 * separately: make all readers before the threads are created.
 */
export class MetricCatalog {
  /** Tag selections of custom metrics that a threshold reads, by metric name: recorders record them separately. */
  readonly selections = new Map<string, MetricSelection[]>();
  /** Statuses that a threshold selects; recorders record only these separately. */
  readonly statuses = new Set<number>();
  readonly #run: CompiledRun;
  readonly #declared = new Map<string, MetricDeclaration>();

  /** @throws EngineError `invalid-scenario` where scenarios declare a metric differently, or one with the name of a built-in metric */
  constructor(run: CompiledRun) {
    this.#run = run;
    for (const scenario of run.scenarios) {
      for (const metric of scenario.metrics.values()) {
        const before = this.#declared.get(metric.name);
        const conflict =
          builtinMetric(metric.name) !== undefined
            ? 'is the name of a built-in metric; expected another name.'
            : before !== undefined && (before.kind !== metric.kind || before.unit !== metric.unit)
              ? `is declared as ${written(metric)} here and as ${written(before)} by another scenario; expected the same kind and unit.`
              : undefined;
        if (conflict !== undefined) {
          throw new EngineError(
            'invalid-scenario',
            `scenario "${scenario.name}": metric "${metric.name}" ${conflict}`,
          );
        }
        this.#declared.set(metric.name, metric);
      }
    }
  }

  /** Kind and unit by name, built-in ones included. */
  get types(): ReadonlyMap<string, MetricType> {
    const declared = [...this.#declared].map(
      ([name, { kind, unit }]) => [name, { kind, unit: unit ?? (kind === 'rate' ? 'share' : '') }] as const,
    );
    return new Map<string, MetricType>([...Object.entries(BUILTIN_METRICS), ...declared]);
  }

  get declared(): ReadonlyMap<string, MetricDeclaration> {
    return this.#declared;
  }

  /**
   * Returns the reader for a selector of a known metric, and adds to `selections` or `statuses`.
   * @throws EngineError `invalid-threshold` for tags that the metric does not have, and values that a tag cannot have
   */
  reader(selector: MetricSelector): MetricReader {
    const builtin = builtinMetric(selector.metric);
    this.#checkTags(selector, builtin?.tags, builtin?.ofRequests);
    if (builtin !== undefined) {
      const selection = this.#selectionOf(selector.tags, builtin.ofRequests);
      if (selection.status !== undefined) this.statuses.add(selection.status);
      return (measures) => builtin.values(measures, selection);
    }
    const declaration = this.#declared.get(selector.metric)!;
    const { scenario, ...tags } = selector.tags;
    const index = this.#select(selector.metric, tags);
    return (measures) => this.#customValues(measures, declaration, scenario, index);
  }

  /** Scenarios that can have samples of a selector, which {@link reader} has checked; in the order of the run. */
  scenariosOf({ metric, tags }: MetricSelector): readonly CompiledRun['scenarios'][number][] {
    const builtin = builtinMetric(metric);
    if (builtin === undefined) {
      const { scenario } = tags;
      return this.#run.scenarios.filter(
        ({ name, metrics }) => metrics.has(metric) && (scenario === undefined || name === scenario),
      );
    }
    const selection = this.#selectionOf(tags, builtin.ofRequests);
    return this.#run.scenarios.filter(({ name }) => contributes(this.#run, selection, name));
  }

  #selectionOf(tags: Tags, ofRequests: 'all' | 'group' | undefined): Selection {
    return selectionOf(
      tags,
      (name, tag, value, operation) =>
        operation === undefined
          ? this.#valuesOf(name, tag).includes(value)
          : (tagOf(operation, tag) ?? this.#tagOf(name, tag)) === value,
      (name, tag) => this.#requestsMayCarry(ofRequests, name, tag),
    );
  }

  #tagOf(scenario: string, tag: string): string | undefined {
    const compiled = this.#run.scenarios.find(({ name }) => name === scenario);
    const tags: Tags = { ...compiled?.definition.tags, ...compiled?.executor.tags };
    return Object.hasOwn(tags, tag) ? tags[tag] : undefined;
  }

  #requestsMayCarry(ofRequests: 'all' | 'group' | undefined, scenario: string, tag: string): boolean {
    if (tag === 'group') return ofRequests !== undefined;
    if (ofRequests !== 'all') return false;
    const compiled = this.#run.scenarios.find(({ name }) => name === scenario);
    return compiled?.definition.requestTags?.includes(tag) === true;
  }

  /** Every value of a tag: of a scenario, and of its operations. */
  #valuesOf(scenario: string, tag: string): readonly string[] {
    const operations = this.#run.operations.filter((each) => each.scenario === scenario);
    return [this.#tagOf(scenario, tag), ...operations.map(({ operation }) => tagOf(operation, tag))].filter(
      (value) => value !== undefined,
    );
  }

  #carries(tag: string, value: string): boolean {
    return this.#run.scenarios.some(({ name }) => this.#valuesOf(name, tag).includes(value));
  }

  #select(metric: string, tags: Tags): number {
    if (Object.keys(tags).length === 0) return -1;
    const list = this.selections.get(metric) ?? [];
    this.selections.set(metric, list);
    list.push({ index: list.length, tags });
    return list.length - 1;
  }

  #customValues(
    measures: Measures,
    declaration: MetricDeclaration,
    scenario: string | undefined,
    selection: number,
  ): MetricValues {
    return customValues(
      declaration,
      measures,
      ({ name, metrics }) => metrics.has(declaration.name) && (scenario === undefined || name === scenario),
      selection,
    );
  }

  #checkTags(
    { metric, tags }: MetricSelector,
    allowed: readonly string[] | undefined,
    ofRequests: 'all' | 'group' | undefined,
  ): void {
    const source = formatSelector({ metric, tags });
    const refuse = (problem: string): never => {
      throw new EngineError('invalid-threshold', `threshold of ${source}: ${problem}`);
    };
    const operations = this.#run.operations.map(({ operation }) => operation.name);
    const known = new Map<string, readonly string[]>([
      ['scenario', this.#run.scenarios.map(({ name }) => name)],
      ['operation', operations],
      ['name', operations],
      ['outcome', OUTCOMES],
      ['expected_response', ['true', 'false']],
    ]);
    for (const [tag, value] of Object.entries(tags)) {
      if (this.#run.scenarios.some(({ name }) => this.#requestsMayCarry(ofRequests, name, tag))) {
        const isPath =
          tag !== 'group' || value.startsWith('::') || (ofRequests === 'all' && this.#carries(tag, value));
        if (!isPath) refuse(`a group is named by its path; expected "group:::${value}".`);
        // What values its requests have is known at the end.
        continue;
      }
      const own = this.#run.scenarios.flatMap(({ name }) =>
        // A metric that has no operations has no tags of operations.
        allowed === undefined || allowed.includes('operation')
          ? this.#valuesOf(name, tag)
          : (this.#tagOf(name, tag) ?? []),
      );
      if (!BUILTIN_TAGS.has(tag) && own.length > 0 && !own.includes(value)) {
        refuse(
          `no scenario or operation has ${tag} "${value}".${didYouMean(value, own)} Known: ${[...new Set(own)].join(', ')}.`,
        );
      }
      // A scenario's own tag of a built-in name selects nothing.
      if (allowed !== undefined && !allowed.includes(tag) && (own.length === 0 || BUILTIN_TAGS.has(tag))) {
        refuse(
          `${metric} has no tag "${tag}".${didYouMean(tag, allowed)} Its tags: ${allowed.join(', ') || 'none'}.`,
        );
      }
      if (allowed !== undefined && tag === 'status' && parseStatus(value) === undefined) {
        refuse(
          `there is no status "${value}"; expected one such as 200, or 0 for requests without a response.`,
        );
      }
      const values = allowed === undefined && tag !== 'scenario' ? undefined : known.get(tag);
      if (values !== undefined && !values.includes(value)) {
        refuse(
          `there is no ${tag} "${value}".${didYouMean(value, values)} Known: ${[...new Set(values)].join(', ')}.`,
        );
      }
    }
  }
}

function tagOf({ tags = {} }: Operation, tag: string): string | undefined {
  return Object.hasOwn(tags, tag) ? tags[tag] : undefined;
}

/**
 * Values of a declared metric. A counter without additions is 0.
 * @param wanted which of the scenarios that declare it
 * @param selection -1: all samples
 */
export function customValues(
  { name: metric, kind }: MetricDeclaration,
  measures: Measures,
  wanted: (scenario: RecordedScenario) => boolean,
  selection = -1,
): MetricValues {
  const owners = measures.run.scenarios.filter(wanted);
  const found = owners.flatMap(({ index }) => measures.custom.get(customKey(index, metric, selection)) ?? []);
  const samples = found.reduce((sum, each) => sum + each.samples, 0);
  const value = found.reduce((sum, each) => sum + each.value, 0);
  switch (kind) {
    case 'counter': {
      const isOwner = (scenario: string): boolean => owners.some(({ name }) => name === scenario);
      return {
        kind,
        count: value,
        samples: plannedIterations(measures, isOwner),
        durationMs: measures.activeMs(isOwner),
      };
    }
    case 'rate':
      return { kind, passes: value, total: samples };
    case 'gauge':
      return { kind, value: found.findLast((each) => each.samples > 0)?.value ?? 0, samples };
    case 'trend': {
      const distribution = new TrendHistogram();
      for (const { trend } of found) distribution.add(trend);
      return { kind, distribution };
    }
  }
}

/** Such as `trend in ms`. */
function written({ kind, unit }: MetricDeclaration): string {
  return unit === undefined ? kind : `${kind} in ${unit}`;
}
