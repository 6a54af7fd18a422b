/*
 * Adds up what the parts of one run did in the same second, as the threads of one process are added up.
 *
 * Must hold:
 * - An interval is given to `merge` once: `merge` moves the times in its `measures` by `lateSeconds`, and `shares` of the result
 *   refers to these `measures`.
 * - `merge` is called in the order of time. A part without an interval in a second counts with its last users, until the caller
 *   calls `end(part)`: after the `merge` with the last interval of the part, before the next one. `maxUsers` is the most that the
 *   parts which had not ended have had together: a Locust master gives the users of a worker that leaves to the others.
 * - `lateSeconds` and `firstThread` of a part are the same in all of its intervals.
 */

import type { RecordedRun } from '../model/compiled-run.ts';
import type { HistogramSnapshot } from '../model/histogram-snapshot.ts';
import { mergeSnapshots } from '../recorder/histogram-snapshot.ts';
import { Measures } from '../recorder/measures.ts';
import { SteeringMerger } from './merge-steering.ts';
import type { RecordedInterval } from './merged-interval.ts';

/** Users of the scenarios of one part, as of its last interval. */
type Levels = readonly Pick<
  Measures['scenarios'][number],
  'users' | 'targetUsers' | 'inFlight' | 'maxUsers'
>[];

/** An interval of one part of a run. */
export interface PartInterval {
  /** 0-based, among the parts. */
  readonly part: number;
  readonly interval: RecordedInterval;
  /** Whole seconds by which the clock of the part started later than that of the run. */
  readonly lateSeconds: number;
  /** Added to the numbers of its threads. */
  readonly firstThread: number;
}

/** Adds up the intervals of the parts of one run. */
export class IntervalMerger {
  readonly #run: RecordedRun;
  readonly #levels = new Map<number, Levels>();
  readonly #steering: SteeringMerger;
  /** Most users so far, by scenario index. */
  readonly #most: number[];
  #index = 0;
  #endMs = 0;

  /** @param ofSchedule the parts divide the load that is set among them; otherwise each part has what was set for it */
  constructor(run: RecordedRun, ofSchedule: boolean) {
    this.#run = run;
    this.#steering = new SteeringMerger(ofSchedule);
    this.#most = run.scenarios.map(() => 0);
  }

  /** No interval of this part follows: its users are gone, also where its process was killed. */
  end(part: number): void {
    this.#levels.delete(part);
    this.#steering.end(part);
  }

  /**
   * @param parts at least one; a part may have several intervals in a second
   * @param last no interval follows
   */
  merge(parts: readonly PartInterval[], startWallMs: number, last: boolean): RecordedInterval {
    const measures = new Measures(this.#run);
    const loads = this.#run.scenarios.map(() => ({ loadMs: 0, loadUserMs: 0 }));
    const bySecond = new Map<number, HistogramSnapshot>();
    const startMs = this.#endMs;
    let endMs = startMs;
    for (const { part, interval, lateSeconds } of parts) {
      const lateMs = lateSeconds * 1000;
      endMs = Math.max(endMs, interval.endMs + lateMs);
      startLater(interval.measures, lateMs);
      measures.add(interval.measures);
      this.#levels.set(part, interval.measures.scenarios);
      interval.loads.forEach(({ loadMs, loadUserMs }, index) => {
        const load = loads[index]!;
        load.loadUserMs += loadUserMs;
        // Since the start of the merged run; a scenario that has not begun has none.
        if (loadMs > 0) load.loadMs = Math.max(load.loadMs, loadMs + lateMs);
      });
      for (const [second, times] of interval.intended) {
        const key = second + lateSeconds;
        const before = bySecond.get(key);
        bySecond.set(key, before === undefined ? times : mergeSnapshots([before, times]));
      }
    }
    this.#endMs = endMs;
    measures.durationMs = endMs - startMs;
    const levels = [...this.#levels.values()];
    measures.scenarios.forEach((scenario, index) => {
      const sum = (read: (level: Levels[number]) => number): number =>
        levels.reduce((total, each) => total + (each[index] === undefined ? 0 : read(each[index])), 0);
      const now = sum(({ maxUsers }) => maxUsers);
      const mostUsers = Math.max(this.#most[index]!, now);
      this.#most[index] = mostUsers;
      scenario.setUsers({
        users: sum(({ users }) => users),
        targetUsers: sum(({ targetUsers }) => targetUsers),
        inFlight: sum(({ inFlight }) => inFlight),
        maxUsers: mostUsers,
      });
    });
    const later = <Group extends { readonly firstMs: number; readonly lastMs: number }>(
      group: Group,
      lateSeconds: number,
    ): Group => ({
      ...group,
      firstMs: group.firstMs + lateSeconds * 1000,
      lastMs: group.lastMs + lateSeconds * 1000,
    });
    const all = parts.map(({ interval }) => interval);
    return {
      index: this.#index++,
      startMs,
      endMs,
      startWallMs,
      last,
      phase: all.some(({ phase }) => phase === 'run') ? 'run' : 'drain',
      paused: all.some(({ paused }) => paused),
      pausedMs: Math.max(...all.map(({ pausedMs }) => pausedMs)),
      measures,
      loads,
      errors: parts.flatMap(({ interval, lateSeconds }) =>
        interval.errors.map((error) => {
          const { sample, ...group } = later(error, lateSeconds);
          return { ...group, sample: { ...sample, atMs: sample.atMs + lateSeconds * 1000 } };
        }),
      ),
      errorsNotKept: all.reduce((sum, { errorsNotKept }) => sum + errorsNotKept, 0),
      exceptions: parts.flatMap(({ interval, lateSeconds }) =>
        interval.exceptions.map((exception) => later(exception, lateSeconds)),
      ),
      intended: [...bySecond],
      health: {
        threads: parts.flatMap(({ interval, firstThread }) =>
          interval.health.threads.map((thread) => ({ ...thread, thread: firstThread + thread.thread })),
        ),
        rssBytes: most(all.map(({ health }) => health.rssBytes)),
      },
      // Processors of several machines do not add up.
      machine: null,
      shares: parts.map(({ part, interval }) => ({
        machine: part,
        now: interval.machine,
        measures: interval.measures,
      })),
      notes: all.flatMap(({ notes }) => notes),
      steering: this.#steering.merge(
        parts.flatMap(({ part, interval, lateSeconds }) =>
          interval.steering.map((change) => ({
            part,
            change: { ...change, atMs: change.atMs + lateSeconds * 1000 },
          })),
        ),
      ),
    };
  }
}

/** Moves the times since the start of the run that the measures of a part hold. */
function startLater(measures: Measures, lateMs: number): void {
  for (const operation of measures.operations) {
    const { streams, traced } = operation;
    if (traced !== undefined) {
      const slowest = traced.slowest.map((each) => ({ ...each, atMs: each.atMs + lateMs }));
      operation.traced = { ...traced, slowest };
    }
    if (streams?.examples === undefined) continue;
    const { median, slowest } = streams.examples;
    streams.examples = {
      ...(median === undefined ? {} : { median: { ...median, startMs: median.startMs + lateMs } }),
      ...(slowest === undefined ? {} : { slowest: { ...slowest, startMs: slowest.startMs + lateMs } }),
    };
  }
}

function most(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}
