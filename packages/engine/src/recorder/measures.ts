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
import type { MetricInterval, OperationInterval, ThreadInterval } from '../model/thread-interval.ts';
import { PHASES } from './phases.ts';
import { TrendHistogram } from './trend-histogram.ts';

/** Measurements of one operation, in one interval or the whole run. */
export class OperationMeasures {
  readonly outcomes = new Float64Array(OUTCOME_COUNT);
  interrupted = 0;
  readonly statuses = new Map<number, number>();
  /** NaN if not known. */
  bytesSent = 0;
  bytesReceived = 0;
  retries = 0;
  /** By outcome. */
  readonly response: (Histogram | undefined)[] = Array.from({ length: OUTCOME_COUNT });
  readonly service: (Histogram | undefined)[] = Array.from({ length: OUTCOME_COUNT });
  readonly queueWait = new Histogram();
  /** As PHASES. */
  readonly phases: readonly Histogram[] = PHASES.map(() => new Histogram());
  readonly interruptedAge = new Histogram();
  /** Measurements per HTTP status, for statuses that a threshold selects. */
  readonly byStatus = new Map<number, OperationMeasures>();

  get requests(): number {
    let sum = 0;
    for (const count of this.outcomes) sum += count;
    return sum;
  }

  get failed(): number {
    return this.requests - this.outcomes[0]!;
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
    this.queueWait.addSnapshot(interval.queueWait);
    interval.phases.forEach((phase, index) => this.phases[index]!.addSnapshot(phase));
    this.interruptedAge.addSnapshot(interval.interruptedAge);
    for (const [status, part] of interval.byStatus ?? []) this.#ofStatus(status).#addPart(part);
  }

  /** Shared counters exist per operation only: derive the counts of a status from its histograms. */
  #addPart(part: OperationInterval): void {
    this.addInterval(part);
    part.response.forEach((times, outcome) => {
      this.outcomes[outcome]! += times?.count ?? 0;
    });
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
    for (const [status, part] of other.byStatus) this.#ofStatus(status).add(part);
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

/** Measurements of one scenario. */
export class ScenarioMeasures {
  readonly counts: Record<ScenarioCounter, number> = {
    planned: 0,
    started: 0,
    completed: 0,
    failed: 0,
    dropped: 0,
    interrupted: 0,
    notAwaited: 0,
    startTimeouts: 0,
  };
  readonly iterationDuration = new Histogram();
  /** NaN if not known, as are the next four. */
  users = 0;
  targetUsers = 0;
  inFlight = 0;
  /** Most users at once. */
  maxUsers = 0;
  /** Integral of users over time in milliseconds; divided by the duration it gives their mean. */
  userMs = 0;
  /** Milliseconds in which iterations started; 0 where it is not known, as in one interval. */
  loadMs = 0;
  /** The part of `userMs` in that time. */
  loadUserMs = 0;
}

/** One custom metric of one scenario, or a selection of it. */
export interface CustomMeasures {
  samples: number;
  value: number;
  min: number;
  max: number;
  rejected: number;
  readonly trend: TrendHistogram;
}

/** Count and sum, from which a mean is computed. */
export interface TrendSum {
  count: number;
  sum: number;
}

/** All measurements of one interval or of the whole run, merged over the threads. */
export class Measures {
  durationMs = 0;
  readonly run: RecordedRun;
  readonly operations: OperationMeasures[];
  readonly scenarios: ScenarioMeasures[];
  readonly pacerLag = new Histogram();
  /** By scenario index, then name. */
  readonly checks: Map<string, { passes: number; fails: number }>[];
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
    for (const metric of interval.metrics) this.#addMetric(metric);
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

  /** Adds another interval of the same run, custom metrics aside. */
  add(other: Measures): void {
    this.grow();
    other.operations.forEach((operation, index) => this.operations[index]!.add(operation));
    other.scenarios.forEach((scenario, index) => {
      const mine = this.scenarios[index]!;
      for (const counter of SCENARIO_COUNTERS) mine.counts[counter] += scenario.counts[counter];
      mine.iterationDuration.add(scenario.iterationDuration);
      mine.userMs += scenario.userMs;
    });
    other.checks.forEach((checks, scenario) => {
      for (const [name, { passes, fails }] of checks) this.addCheck(scenario, name, passes, fails);
    });
    this.pacerLag.add(other.pacerLag);
  }

  /**
   * Adds measures for scenarios and operations that the run gained: a reader of another tool's output discovers them
   * while reading.
   */
  grow(): void {
    while (this.scenarios.length < this.run.scenarios.length) {
      this.scenarios.push(new ScenarioMeasures());
      this.checks.push(new Map());
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

  /**
   * Merges the operations that `wanted` selects. @param status only requests with this status; a threshold must select
   * it
   */
  mergeOperations(
    wanted: (operation: CompiledOperation) => boolean = () => true,
    status?: number,
  ): OperationMeasures {
    const merged = new OperationMeasures();
    for (const operation of this.run.operations) {
      if (!wanted(operation)) continue;
      const measures = this.operations[operation.index]!;
      const part = status === undefined ? measures : measures.byStatus.get(status);
      if (part !== undefined) merged.add(part);
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

  /** Milliseconds from the start of the first of these scenarios to the end of the last one, for rates over them. */
  activeMs(wanted: (scenario: string) => boolean = () => true): number {
    let startMs = Number.POSITIVE_INFINITY;
    let endMs = Number.NEGATIVE_INFINITY;
    for (const { index, name, executor } of this.run.scenarios) {
      const activeMs = wanted(name) ? this.activeMsOf(index) : 0;
      if (activeMs === 0) continue;
      startMs = Math.min(startMs, executor.startTimeMs);
      endMs = Math.max(endMs, executor.startTimeMs + activeMs);
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

  #addMetric(metric: MetricInterval): void {
    const key = customKey(metric.scenario, metric.name, metric.selection);
    let measures = this.custom.get(key);
    if (measures === undefined) {
      measures = {
        samples: 0,
        value: 0,
        min: Number.POSITIVE_INFINITY,
        max: Number.NEGATIVE_INFINITY,
        rejected: 0,
        trend: new TrendHistogram(),
      };
      this.custom.set(key, measures);
    }
    const gauge = this.run.scenarios[metric.scenario]!.metrics.get(metric.name)?.kind === 'gauge';
    measures.samples += metric.samples;
    measures.value = gauge ? metric.value : measures.value + metric.value;
    measures.min = Math.min(measures.min, metric.min);
    measures.max = Math.max(measures.max, metric.max);
    measures.rejected += metric.rejected;
    if (metric.trend === undefined) return;
    measures.trend.addSnapshot(metric.trend);
    if (metric.selection < 0 && metric.trend.count > 0) {
      this.addTrend(metric.name, metric.trend.count, metric.trend.sum);
    }
  }
}

/** Key of {@link Measures.custom}. @param selection -1: all samples */
export function customKey(scenario: number, name: string, selection: number): string {
  return `${scenario} ${selection} ${name}`;
}
