import type { Redactor, SecretsOwner } from '../secrets/redactor.ts';
import type { CompiledRun } from '../model/compiled-run.ts';
import type { WireRequest } from '../model/flight.ts';
import type { Tags } from '../model/scenario.ts';
import type { Timings } from '../model/load-response.ts';
import type { GoodStream, StreamSample } from '../model/stream.ts';
import { MAX_CHECKS, OTHER_CHECKS } from './check-names.ts';
import { CounterLayout, INTERRUPTED_SLOT, SCENARIO_SLOT, type ScenarioCounter } from './counters.ts';
import { ErrorRecorder, type ErrorFacts } from './error-recorder.ts';
import { Histogram } from './histogram.ts';
import type { HistogramSnapshot } from '../model/histogram-snapshot.ts';
import type {
  GroupInterval,
  OperationInterval,
  ScenarioInterval,
  ThreadInterval,
  UserLevels,
} from '../model/thread-interval.ts';
import { MetricRecorder, type MetricSelection } from './metric-recorder.ts';
import { OperationRecorder } from './operation-recorder.ts';
import { StatusRecorder } from './status-recorder.ts';
import { TagSets } from './tag-sets.ts';

/*
 * Must hold:
 * - `begin` comes before the first event. Durations are milliseconds, times clock milliseconds, outcomes indexes of `OUTCOMES`.
 * - After `launched` comes one of `request`, `interruptedRequest` and `recalled`, or a dying thread counts the request as
 *   interrupted. `stream` comes after `request` or `interruptedRequest`.
 * - `counters` are cumulative, are never reset, and are written by this thread alone; `flush` resets everything else.
 * - `amend` works until the next `flush`: its caller keeps `flushes` and what `request` returned.
 * - Errors and exceptions are redacted here, by their owner; names of checks and groups, and tags, are not.
 * - `TracingRecorder` extends it: what a call gets as `timings` must be the same object in `request`, `traceOf` and `amend`.
 */

interface Checks {
  passes: number;
  fails: number;
}

/** Records all events of one thread. Memory does not grow with the number of requests. */
export class ThreadRecorder {
  readonly counters: Float64Array;
  readonly #thread: number;
  readonly #layout: CounterLayout;
  readonly #operations: readonly OperationRecorder[];
  /** By operation: whether a stream meets its objectives. */
  readonly #good: readonly (GoodStream | undefined)[];
  /** By operation; of requests with tags of their own. */
  readonly #tagged = new Map<number, TagSets<OperationRecorder>>();
  readonly #statuses: readonly number[];
  readonly #iterationDurations: readonly Histogram[];
  readonly #pacerLag = new Histogram();
  readonly #intended = new Map<number, Histogram>();
  #intendedSecond = -1;
  #intendedHistogram = new Histogram();
  readonly #checks: readonly Map<string, Checks>[];
  readonly #metrics: readonly Map<string, MetricRecorder>[];
  /** By scenario: durations of groups. */
  readonly #groups: readonly TagSets<Histogram>[];
  readonly #errors = new ErrorRecorder();
  /** Clock time of the start of the run, milliseconds. */
  #originMs = 0;
  #flushes = 0;

  /**
   * @param selections by metric name: tag selections of custom metrics that thresholds use
   * @param statuses that thresholds select requests by
   */
  constructor(
    run: CompiledRun,
    thread: number,
    counters: Float64Array,
    selections: ReadonlyMap<string, readonly MetricSelection[]>,
    statuses: readonly number[] = [],
  ) {
    this.#thread = thread;
    this.#statuses = statuses;
    this.counters = counters;
    this.#layout = new CounterLayout(run.scenarios.length, run.operations.length);
    this.#good = run.operations.map(({ stream }) => stream?.good);
    this.#operations = run.operations.map(({ index }) => this.#recorder(index, true));
    this.#iterationDurations = run.scenarios.map(() => new Histogram());
    this.#checks = run.scenarios.map(() => new Map());
    this.#groups = run.scenarios.map(() => new TagSets(() => new Histogram()));
    this.#metrics = run.scenarios.map(
      ({ index, metrics }) =>
        new Map(
          [...metrics.values()].map((metric) => [
            metric.name,
            new MetricRecorder(metric, index, selections.get(metric.name) ?? []),
          ]),
        ),
    );
  }

  /** @param examples whether single streams are kept */
  #recorder(operation: number, examples: boolean): OperationRecorder {
    const streams = { good: this.#good[operation], examples };
    return this.#statuses.length === 0
      ? new OperationRecorder(operation, streams)
      : new StatusRecorder(operation, this.#statuses, streams);
  }

  /** Sets the clock time of the start of the run, to which recorded times refer. */
  begin(originMs: number): void {
    this.#originMs = originMs;
  }

  count(scenario: number, counter: ScenarioCounter): void {
    this.counters[this.#layout.scenario(scenario) + SCENARIO_SLOT[counter]]!++;
  }

  iterationDuration(scenario: number, durationMs: number): void {
    this.#iterationDurations[scenario]!.record(durationMs * 1000);
  }

  pacerLag(lagMs: number): void {
    this.#pacerLag.record(lagMs * 1000);
  }

  /** Counts a handed-out request as in flight until `request` or `interruptedRequest` records its end. */
  launched(operation: number): void {
    this.counters[this.#layout.launched(operation)]!++;
  }

  /** Takes back a `launched`. */
  recalled(operation: number): void {
    this.counters[this.#layout.launched(operation)]!--;
  }

  /**
   * @param intendedMs clock time of the intended start
   * @param lastPhase index in PHASES of the last one that the request entered
   * @param _wire the request as sent, for runs with traces
   * @param tags of the request itself
   * @returns what records the requests with these tags
   */
  request(
    operation: number,
    outcome: number,
    status: number,
    intendedMs: number,
    timings: Timings,
    lastPhase: number,
    bytesSent: number,
    bytesReceived: number,
    _wire: WireRequest,
    tags?: Tags,
  ): OperationRecorder | undefined {
    this.counters[this.#layout.operation(operation) + outcome]!++;
    this.#operations[operation]!.record(outcome, status, timings, lastPhase, bytesSent, bytesReceived);
    const second = Math.max(0, Math.floor((intendedMs - this.#originMs) / 1000));
    if (second !== this.#intendedSecond) {
      this.#intendedSecond = second;
      let histogram = this.#intended.get(second);
      if (histogram === undefined) this.#intended.set(second, (histogram = new Histogram()));
      this.#intendedHistogram = histogram;
    }
    this.#intendedHistogram.record(timings.responseTimeMs * 1000);
    if (tags === undefined) return undefined;
    const part = this.#partOf(operation, tags);
    part.record(outcome, status, timings, lastPhase, bytesSent, bytesReceived);
    return part;
  }

  #partOf(operation: number, tags: Tags): OperationRecorder {
    let sets = this.#tagged.get(operation);
    if (sets === undefined)
      this.#tagged.set(operation, (sets = new TagSets(() => this.#recorder(operation, false))));
    return sets.of(tags);
  }

  /** The trace id of a request that was recorded since the last hand-over; undefined: it carried none. */
  traceOf(_timings: Timings): string | undefined {
    return undefined;
  }

  /** Clock time of the start of the run, milliseconds. */
  protected get originMs(): number {
    return this.#originMs;
  }

  /** Number of hand-overs so far. */
  get flushes(): number {
    return this.#flushes;
  }

  /**
   * Moves a request to another outcome; false if it has been handed over since.
   * @param flushes number of hand-overs when it was recorded
   * @param part that `request` returned
   */
  amend(
    operation: number,
    from: number,
    to: number,
    status: number,
    timings: Timings,
    flushes: number,
    part?: OperationRecorder,
  ): boolean {
    if (flushes !== this.#flushes) return false;
    const start = this.#layout.operation(operation);
    this.counters[start + from]!--;
    this.counters[start + to]!++;
    this.#operations[operation]!.amend(from, to, status, timings);
    part?.amend(from, to, status, timings);
    return true;
  }

  /**
   * A stream has ended.
   * @param outcome by index; -1: interrupted
   * @param tags as of `request`
   */
  stream(
    operation: number,
    outcome: number,
    intendedMs: number,
    sentMs: number,
    sample: StreamSample,
    tags?: Tags,
  ): void {
    const startMs = intendedMs - this.#originMs;
    this.#operations[operation]!.recordStream(outcome, startMs, intendedMs, sentMs, sample);
    if (tags === undefined) return;
    this.#partOf(operation, tags).recordStream(outcome, startMs, intendedMs, sentMs, sample);
  }

  /** @param tags as of `request` */
  retried(operation: number, tags?: Tags): void {
    this.#operations[operation]!.recordRetry();
    if (tags !== undefined) this.#partOf(operation, tags).recordRetry();
  }

  /** @param tags as of `request` */
  interruptedRequest(operation: number, ageMs: number, tags?: Tags): void {
    this.counters[this.#layout.operation(operation) + INTERRUPTED_SLOT]!++;
    this.#operations[operation]!.recordInterrupted(ageMs);
    if (tags !== undefined) this.#partOf(operation, tags).recordInterrupted(ageMs);
  }

  /** The work of a group has ended without an error. @param path such as `::checkout` */
  group(scenario: number, path: string, durationMs: number): void {
    this.#groups[scenario]!.of({ group: path }).record(durationMs * 1000);
  }

  check(scenario: number, name: string, pass: boolean): void {
    const checks = this.#checks[scenario]!;
    let counts = checks.get(name);
    if (counts === undefined) {
      const key = checks.size < MAX_CHECKS ? name : OTHER_CHECKS;
      counts = checks.get(key);
      if (counts === undefined) checks.set(key, (counts = { passes: 0, fails: 0 }));
    }
    if (pass) counts.passes++;
    else counts.fails++;
  }

  /** False when the scenario declares no such metric. */
  metric(scenario: number, name: string, value: number, tags: Tags | undefined): boolean {
    const metric = this.#metrics[scenario]!.get(name);
    metric?.record(value, tags);
    return metric !== undefined;
  }

  error(
    operation: number,
    outcome: number,
    code: string,
    message: string,
    nowMs: number,
    owner: SecretsOwner,
    sample: (redactor: Redactor) => ErrorFacts,
    traceId?: string,
  ): void {
    const atMs = nowMs - this.#originMs;
    this.#errors.error(operation, outcome, code, message, atMs, owner, sample, traceId);
  }

  exception(scenario: number, error: unknown, nowMs: number, owner: SecretsOwner): void {
    this.#errors.exception(scenario, error, nowMs - this.#originMs, owner);
  }

  #flushOperation(operation: OperationRecorder, index: number): OperationInterval[] {
    const interval = operation.flush();
    if (interval === undefined) return [];
    const byTags = [...(this.#tagged.get(index) ?? [])].flatMap(([tags, recorder]) => {
      const part = recorder.flush();
      return part === undefined ? [] : [[tags, part] as const];
    });
    return [byTags.length === 0 ? interval : { ...interval, byTags }];
  }

  /** Hands over what is new since the last time. */
  flush(levels: readonly UserLevels[]): ThreadInterval {
    this.#flushes++;
    const intended = [...this.#intended].map(
      ([second, histogram]) => [second, histogram.snapshot()] as const,
    );
    this.#intended.clear();
    this.#intendedSecond = -1;
    return {
      thread: this.#thread,
      counters: this.counters.slice(),
      scenarios: this.#iterationDurations.map((durations, index): ScenarioInterval => {
        const { users, targetUsers, inFlight, maxUsers, userMs, loadMs, loadUserMs } = levels[index]!;
        return {
          iterationDuration: take(durations),
          users,
          targetUsers,
          inFlight,
          maxUsers,
          userMs,
          loadMs,
          loadUserMs,
        };
      }),
      operations: this.#operations.flatMap((operation, index) => this.#flushOperation(operation, index)),
      intended,
      pacerLag: take(this.#pacerLag),
      checks: this.#checks.flatMap((checks, scenario) => flushChecks(checks, scenario)),
      metrics: this.#metrics.flatMap((metrics) => [...metrics.values()].flatMap((metric) => metric.flush())),
      groups: this.#groups.flatMap((groups, scenario) => flushGroups(groups, scenario)),
      ...this.#errors.flush(),
    };
  }
}

function take(histogram: Histogram): HistogramSnapshot {
  const snapshot = histogram.snapshot();
  histogram.reset();
  return snapshot;
}

function flushGroups(groups: TagSets<Histogram>, scenario: number): GroupInterval[] {
  return [...groups].flatMap(([{ group = '' }, durations]) =>
    durations.count === 0 ? [] : [{ scenario, group, durations: take(durations) }],
  );
}

function flushChecks(checks: Map<string, Checks>, scenario: number) {
  const flushed = [...checks].map(([name, counts]) => ({ scenario, name, ...counts }));
  checks.clear();
  return flushed;
}
