import type { IntervalEvent } from '../model/events.ts';
import type { MachineSecond } from '../machine/machine-second.ts';
import { plannedIterations } from '../executors/planned-iterations.ts';
import { CounterLayout } from '../recorder/counters.ts';
import { Histogram } from '../recorder/histogram.ts';
import type { ScenarioInterval, ThreadInterval } from '../model/thread-interval.ts';
import { Measures, mergeOutcomes } from '../recorder/measures.ts';
import { ErrorGroups } from '../result/error-groups.ts';
import { SeriesRecorder } from '../result/series.ts';
import type { CompiledRun } from '../model/compiled-run.ts';
import { intervalEvent } from './interval-event.ts';
import { progressAt } from './progress.ts';

/** Merges the intervals of all threads without loss: the total is exactly the sum of the intervals. */
export class Aggregator {
  readonly total: Measures;
  readonly errors = new ErrorGroups();
  readonly series = new SeriesRecorder();
  /** Response times of the run so far, over everything. */
  readonly overall = new Histogram();
  readonly #run: CompiledRun;
  /** Each thread's counters at its last hand-over. */
  readonly #seen: readonly Float64Array[];
  /** Each thread's users at its last hand-over, used while a thread is too busy to report. */
  readonly #levels: (readonly ScenarioInterval[])[] = [];
  #index = 0;
  #endMs = 0;

  constructor(run: CompiledRun, threads: number) {
    this.#run = run;
    this.total = new Measures(run);
    const layout = new CounterLayout(run.scenarios.length, run.operations.length);
    this.#seen = Array.from({ length: threads }, () => new Float64Array(layout.length));
  }

  /** End of the last interval, milliseconds since the start of the run. */
  get endMs(): number {
    return this.#endMs;
  }

  /**
   * Adds one interval of all threads.
   * @param endMs since the start of the run
   * @param state `last`: nothing comes after it; `eventLoopUtilization` of the interval, 0 to 1
   */
  add(
    threads: readonly ThreadInterval[],
    endMs: number,
    state: {
      readonly last: boolean;
      readonly paused: boolean;
      readonly eventLoopUtilization: number;
      readonly machine: MachineSecond | undefined;
    },
  ): { readonly interval: Measures; readonly event: IntervalEvent } {
    const startMs = this.#endMs;
    const interval = new Measures(this.#run);
    interval.durationMs = endMs - startMs;
    for (const thread of threads) {
      const seen = this.#seen[thread.thread]!;
      const delta = thread.counters.map((count, slot) => count - seen[slot]!);
      seen.set(thread.counters);
      interval.addInterval(thread, delta);
      this.total.addInterval(thread, delta);
      this.errors.add(thread.errors, thread.exceptions, thread.errorsNotKept);
      thread.scenarios.forEach(({ userMs, loadMs, loadUserMs }, index) => {
        // A thread that died tells of no time: what it had told before stays.
        const before = this.#levels[thread.thread]?.[index];
        const more = Math.max(0, userMs - (before?.userMs ?? 0));
        const total = this.total.scenarios[index]!;
        interval.scenarios[index]!.userMs += more;
        total.userMs += more;
        total.loadUserMs += Math.max(0, loadUserMs - (before?.loadUserMs ?? 0));
        total.loadMs = Math.max(total.loadMs, loadMs);
      });
      this.#levels[thread.thread] = thread.scenarios;
    }
    if (state.last) this.#dropNeverStarted(interval);
    this.#run.scenarios.forEach((_, index) => {
      const levels = this.#levels.map((scenarios) => scenarios[index]!);
      for (const measures of [interval, this.total]) {
        const scenario = measures.scenarios[index]!;
        scenario.users = sum(levels, ({ users }) => users);
        scenario.targetUsers = sum(levels, ({ targetUsers }) => targetUsers);
        scenario.inFlight = sum(levels, ({ inFlight }) => inFlight);
        scenario.maxUsers = sum(levels, ({ maxUsers }) => maxUsers);
      }
    });
    this.total.durationMs = endMs;
    for (const operation of interval.operations) this.overall.add(mergeOutcomes(operation.response));
    this.series.add(
      interval,
      this.total,
      startMs,
      endMs,
      threads.flatMap(({ intended }) => intended),
      state.machine,
    );
    this.#endMs = endMs;
    const { last: _last, ...moment } = state;
    const event = intervalEvent(interval, this.total, this.overall, {
      index: this.#index++,
      startMs,
      endMs,
      progress: progressAt(this.#run, endMs),
      ...moment,
    });
    return { interval, event };
  }

  /**
   * Threads count an iteration as planned when they start it. Executors with a number of iterations planned all of it:
   * what no thread has started by the end is dropped, also where a thread died.
   */
  #dropNeverStarted(interval: Measures): void {
    this.#run.scenarios.forEach(({ executor }, index) => {
      const planned = plannedIterations(executor);
      if (planned === undefined) return;
      const left = planned - this.total.scenarios[index]!.counts.planned;
      for (const measures of [interval, this.total]) {
        const { counts } = measures.scenarios[index]!;
        counts.planned += left;
        counts.dropped += left;
      }
    });
  }
}

function sum<T>(list: readonly T[], read: (item: T) => number): number {
  return list.reduce((total, item) => total + read(item), 0);
}
