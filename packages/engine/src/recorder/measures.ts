import type { CompiledOperation, RecordedRun } from '../model/compiled-run.ts';
import {
  CounterLayout,
  INTERRUPTED_SLOT,
  OUTCOME_COUNT,
  SCENARIO_COUNTERS,
  type ScenarioCounter,
} from './counters.ts';
import { Histogram } from './histogram.ts';
import { MAX_CHECKS, OTHER_CHECKS } from './check-names.ts';
import { CustomMeasures } from './custom-measures.ts';
import { OperationMeasures } from './operation-measures.ts';
import { ScenarioMeasures } from './scenario-measures.ts';
import { TagSets } from './tag-sets.ts';
import type { HistogramSnapshot } from '../model/histogram-snapshot.ts';
import type { MetricInterval, ThreadInterval } from '../model/thread-interval.ts';

/** Count and sum, from which a mean is computed. */
export interface TrendSum {
  count: number;
  sum: number;
}

/**
 * All measurements of one interval or of the whole run, merged over the threads.
 *
 * Must hold:
 * - `durationMs`, and of scenarios the users (`setUsers`), `loadMs`, `loadUserMs` and `loadStartMs`, are set by the owner: adding
 *   leaves them. `addInterval` leaves `userMs`, too, which is cumulative there.
 * - Lists are in the order of the run, which may gain scenarios and operations: `grow` comes before they are read by index.
 */
export class Measures {
  durationMs = 0;
  readonly run: RecordedRun;
  readonly operations: OperationMeasures[];
  readonly scenarios: ScenarioMeasures[];
  readonly pacerLag = new Histogram();
  /** By scenario index, then name. */
  readonly checks: Map<string, { passes: number; fails: number }>[];
  /** By scenario index: durations of groups. */
  readonly groups: TagSets<Histogram>[];
  /** By {@link customKey}. */
  readonly custom = new Map<string, CustomMeasures>();
  /** Custom trends over all scenarios, by name: source of their series. */
  readonly trendSums = new Map<string, TrendSum>();
  readonly #layout: CounterLayout;

  constructor(run: RecordedRun) {
    this.run = run;
    this.operations = run.operations.map(() => new OperationMeasures());
    this.scenarios = run.scenarios.map(() => new ScenarioMeasures());
    this.checks = run.scenarios.map(() => new Map());
    this.groups = run.scenarios.map(noGroups);
    this.#layout = new CounterLayout(run.scenarios.length, run.operations.length);
  }

  /** @param delta growth of the thread's counters since its last hand-over */
  addInterval(interval: ThreadInterval, delta: Float64Array): void {
    this.addCounters(delta);
    for (const operation of interval.operations) this.operations[operation.index]!.addInterval(operation);
    interval.scenarios.forEach((scenario, index) => {
      this.scenarios[index]!.iterationDuration.addSnapshot(scenario.iterationDuration);
    });
    this.pacerLag.addSnapshot(interval.pacerLag);
    for (const { scenario, name, passes, fails } of interval.checks) {
      this.addCheck(scenario, name, passes, fails);
    }
    for (const metric of interval.metrics) this.addMetric(metric);
    for (const { scenario, group, durations } of interval.groups) this.addGroup(scenario, group, durations);
  }

  addGroup(scenario: number, group: string, durations: HistogramSnapshot): void {
    this.groups[scenario]!.of({ group }).addSnapshot(durations);
  }

  addCheck(scenario: number, name: string, passes: number, fails: number): void {
    const checks = this.checks[scenario]!;
    const key = checks.size < MAX_CHECKS || checks.has(name) ? name : OTHER_CHECKS;
    const counts = checks.get(key);
    if (counts === undefined) {
      checks.set(key, { passes, fails });
    } else {
      counts.passes += passes;
      counts.fails += fails;
    }
  }

  /** Adds another interval of the same run. */
  add(other: Measures): void {
    this.grow();
    other.operations.forEach((operation, index) => this.operations[index]!.add(operation));
    other.scenarios.forEach((scenario, index) => this.scenarios[index]!.add(scenario));
    other.checks.forEach((checks, scenario) => {
      for (const [name, { passes, fails }] of checks) this.addCheck(scenario, name, passes, fails);
    });
    this.pacerLag.add(other.pacerLag);
    other.groups.forEach((groups, scenario) => {
      for (const [tags, durations] of groups) this.groups[scenario]!.of(tags).add(durations);
    });
    for (const metric of other.custom.values()) this.addMetric(metric.interval());
  }

  /**
   * Adds measures for scenarios and operations that the run gained: a reader of another tool's output discovers them
   * while reading.
   */
  grow(): void {
    while (this.scenarios.length < this.run.scenarios.length) {
      this.scenarios.push(new ScenarioMeasures());
      this.checks.push(new Map());
      this.groups.push(noGroups());
    }
    while (this.operations.length < this.run.operations.length) this.operations.push(new OperationMeasures());
  }

  addCounters(delta: Float64Array): void {
    this.scenarios.forEach(({ counts }, index) => {
      const start = this.#layout.scenario(index);
      SCENARIO_COUNTERS.forEach((counter, slot) => {
        counts[counter] += delta[start + slot]!;
      });
    });
    this.operations.forEach((operation, index) => {
      const start = this.#layout.operation(index);
      for (let slot = 0; slot < OUTCOME_COUNT; slot++) operation.outcomes[slot]! += delta[start + slot]!;
      operation.interrupted += delta[start + INTERRUPTED_SLOT]!;
    });
  }

  /** Merges the operations that `wanted` selects. */
  mergeOperations(wanted: (operation: CompiledOperation) => boolean = () => true): OperationMeasures {
    const merged = new OperationMeasures();
    for (const operation of this.run.operations) {
      if (wanted(operation)) merged.add(this.operations[operation.index]!);
    }
    return merged;
  }

  /**
   * Milliseconds that the counts of a scenario belong to; 0 where it is not known. An open scenario's iterations belong to
   * the time in which they started, however long the last answers took. In a closed one users go on with their last
   * iterations after that, fewer and fewer of them: that time counts by their share of the mean number of users.
   */
  activeMsOf(scenario: number): number {
    const { loadMs, userMs, loadUserMs } = this.scenarios[scenario]!;
    return loadUserMs > 0 ? (loadMs * userMs) / loadUserMs : loadMs;
  }

  /** From the start of the first of these scenarios to the end of the last one, for rates over them; `durationMs` if not known. */
  activeMs(wanted: (scenario: string) => boolean = () => true): number {
    let startMs = Number.POSITIVE_INFINITY;
    let endMs = Number.NEGATIVE_INFINITY;
    for (const { index, name, executor } of this.run.scenarios) {
      const activeMs = wanted(name) ? this.activeMsOf(index) : 0;
      if (activeMs === 0) continue;
      const { loadStartMs } = this.scenarios[index]!;
      const beganMs = Number.isNaN(loadStartMs) ? executor.startTimeMs : loadStartMs;
      startMs = Math.min(startMs, beganMs);
      endMs = Math.max(endMs, beganMs + activeMs);
    }
    return endMs > startMs ? endMs - startMs : this.durationMs;
  }

  /** Counts values of a custom trend for its series. */
  addTrend(name: string, count: number, sum: number): void {
    const mine = this.trendSums.get(name);
    if (mine === undefined) {
      this.trendSums.set(name, { count, sum });
      return;
    }
    mine.count += count;
    mine.sum += sum;
  }

  /** A count over all scenarios. */
  total(counter: ScenarioCounter): number {
    return this.scenarios.reduce((sum, { counts }) => sum + counts[counter], 0);
  }

  /** Adds samples of a custom metric. */
  addMetric(metric: MetricInterval): void {
    const key = customKey(metric.scenario, metric.name, metric.selection);
    let measures = this.custom.get(key);
    if (measures === undefined) this.custom.set(key, (measures = new CustomMeasures(metric)));
    const gauge = this.run.scenarios[metric.scenario]!.metrics.get(metric.name)?.kind === 'gauge';
    measures.add(metric, gauge);
    const { trend } = metric;
    if (metric.selection < 0 && trend !== undefined && trend.count > 0) {
      this.addTrend(metric.name, trend.count, trend.sum);
    }
  }
}

function noGroups(): TagSets<Histogram> {
  return new TagSets(() => new Histogram());
}

/** Key of {@link Measures.custom}. @param selection -1: all samples */
export function customKey(scenario: number, name: string, selection: number): string {
  return `${scenario} ${selection} ${name}`;
}
