import { plannedIterations } from '../executors/planned-iterations.ts';
import type { CompiledRun } from '../model/compiled-run.ts';
import type { HistogramSnapshot } from '../model/histogram-snapshot.ts';
import type { PartOfRun } from '../model/run-options.ts';
import type { ScenarioInterval, ThreadInterval } from '../model/thread-interval.ts';
import { WHOLE_RUN } from '../plan/count-of-part.ts';
import { CounterLayout } from '../recorder/counters.ts';
import { mergeSnapshots } from '../recorder/histogram-snapshot.ts';
import { Measures } from '../recorder/measures.ts';
import { ErrorGroups } from '../result/error-groups.ts';
import type { MergedInterval } from './merged-interval.ts';

/**
 * Merges the hand-overs of all threads to one interval, without loss: intervals add up to what the threads counted.
 *
 * Must hold:
 * - Each hand-over is given once, those of one thread in their order: `counters` and times of users are cumulative.
 * - An interval may lack a thread, or have two hand-overs of it; a thread that is missing counts with its last users.
 * - `total` is given with the last interval alone, after all threads have ended: iterations that none has started are dropped.
 */
export class ThreadMerger {
  readonly #run: CompiledRun;
  readonly #part: PartOfRun;
  /** Each thread's counters at its last hand-over. */
  readonly #seen: readonly Float64Array[];
  /** Each thread's last hand-over: its users count on while it is too busy to report, and its times are cumulative. */
  readonly #lastScenarios: (readonly ScenarioInterval[])[] = [];
  #endMs = 0;

  /** @param part which the threads make */
  constructor(run: CompiledRun, threads: number, part: PartOfRun = WHOLE_RUN) {
    this.#run = run;
    this.#part = part;
    const layout = new CounterLayout(run.scenarios.length, run.operations.length);
    this.#seen = Array.from({ length: threads }, () => new Float64Array(layout.length));
  }

  /** End of the last interval, milliseconds since the start of the run. */
  get endMs(): number {
    return this.#endMs;
  }

  /**
   * @param endMs since the start of the run
   * @param total of the run before this interval, which is the last one
   */
  merge(threads: readonly ThreadInterval[], endMs: number, total?: Measures): MergedInterval {
    const startMs = this.#endMs;
    this.#endMs = endMs;
    const measures = new Measures(this.#run);
    measures.durationMs = endMs - startMs;
    const loads = this.#run.scenarios.map(() => ({ loadMs: 0, loadUserMs: 0 }));
    const errors = new ErrorGroups(Number.POSITIVE_INFINITY);
    for (const thread of threads) {
      const seen = this.#seen[thread.thread]!;
      const delta = thread.counters.map((count, slot) => count - seen[slot]!);
      seen.set(thread.counters);
      measures.addInterval(thread, delta);
      errors.add(thread.errors, thread.exceptions, thread.errorsNotKept);
      thread.scenarios.forEach(({ userMs, loadMs, loadUserMs }, index) => {
        // A dead thread reports 0: no negative difference.
        const before = this.#lastScenarios[thread.thread]?.[index];
        measures.scenarios[index]!.userMs += Math.max(0, userMs - (before?.userMs ?? 0));
        const load = loads[index]!;
        load.loadUserMs += Math.max(0, loadUserMs - (before?.loadUserMs ?? 0));
        // Cumulative, unlike the others: see `LoadTime`.
        load.loadMs = Math.max(load.loadMs, loadMs);
      });
      this.#lastScenarios[thread.thread] = thread.scenarios;
    }
    if (total !== undefined) this.#dropNeverStarted(measures, total);
    measures.scenarios.forEach((scenario, index) => {
      const levels = this.#lastScenarios.map((scenarios) => scenarios[index]!);
      scenario.users = sum(levels, ({ users }) => users);
      scenario.targetUsers = sum(levels, ({ targetUsers }) => targetUsers);
      scenario.inFlight = sum(levels, ({ inFlight }) => inFlight);
      scenario.maxUsers = sum(levels, ({ maxUsers }) => maxUsers);
    });
    return { startMs, endMs, measures, loads, ...errors.groups, intended: mergeIntended(threads) };
  }

  /**
   * Threads count an iteration as planned when they start it. Executors with a number of iterations planned all of this
   * part's: what no thread has started by the end is dropped, also where a thread died.
   */
  #dropNeverStarted(measures: Measures, total: Measures): void {
    this.#run.scenarios.forEach(({ executor }, index) => {
      const planned = plannedIterations(executor, this.#part);
      if (planned === undefined) return;
      const { counts } = measures.scenarios[index]!;
      const left = planned - total.scenarios[index]!.counts.planned - counts.planned;
      counts.planned += left;
      counts.dropped += left;
    });
  }
}

function mergeIntended(threads: readonly ThreadInterval[]): MergedInterval['intended'] {
  const bySecond = new Map<number, HistogramSnapshot>();
  for (const { intended } of threads) {
    for (const [second, times] of intended) {
      const before = bySecond.get(second);
      bySecond.set(second, before === undefined ? times : mergeSnapshots([before, times]));
    }
  }
  return [...bySecond];
}

function sum<T>(list: readonly T[], read: (item: T) => number): number {
  return list.reduce((total, item) => total + read(item), 0);
}
