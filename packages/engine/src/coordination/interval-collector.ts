/*
 * Measures each interval: takes the hand-overs of the threads (`handOver`), samples the machine and merges both (`merge`).
 * `IntervalTimer` says when, `Coordinator` uses the result. The event loop turns between the parts: with one thread they run in
 * the thread that makes the load, and a due arrival waits for one part at most.
 *
 * Must hold:
 * - `begin` is called once, before the clock of the run starts, and `end` on every path: it closes files of the machine.
 * - Each `handOver` is followed by the `merge` of its result before the next one: threads and machine are measured by
 *   differences.
 * - `last` is true for one pair, the last, after all threads have ended.
 */

import type { RecordedInterval } from '../aggregation/merged-interval.ts';
import { ThreadMerger } from '../aggregation/thread-merger.ts';
import { MachineWatch } from '../machine/machine-watch.ts';
import { GeneratorProbe } from '../machine/generator-probe.ts';
import type { Clock } from '../model/clock.ts';
import type { CompiledRun } from '../model/compiled-run.ts';
import type { PartOfRun } from '../model/run-options.ts';
import type { ResultNote } from '../document/schema.ts';
import type { WatchedProcess } from '../model/watched-process.ts';
import type { Measures } from '../recorder/measures.ts';
import type { ThreadGroup } from '../threads/thread-group.ts';
import type { ThreadReport } from '../threads/thread-handle.ts';
import { loopTurn } from './loop-turn.ts';
import { threadSamples } from './thread-samples.ts';

const COOKIES_NOT_KEPT =
  'answers set cookies, which users do not keep, and requests without a cookie were refused (401, 403): ' +
  'if the login is by cookie, set `cookies: true` (--cookies).';

/** An interval without what the coordinator adds: phase, pause, notes, steering, wall-clock start. */
export type CollectedInterval = Omit<
  RecordedInterval,
  'startWallMs' | 'phase' | 'paused' | 'pausedMs' | 'notes' | 'steering'
>;

/** What the threads handed over at the end of an interval. */
interface HandOver {
  readonly reports: readonly ThreadReport[];
  /** Since the start of the run. */
  readonly endMs: number;
  readonly last: boolean;
}

interface Source {
  readonly run: CompiledRun;
  readonly clock: Clock;
  readonly threads: ThreadGroup;
  readonly threadCount: number;
  readonly part: PartOfRun | undefined;
  /** The run is on the machine's clock: measurements of the machine do not fit virtual time. */
  readonly realTime: boolean;
  /** Processes that are measured besides this one. */
  readonly watched: readonly WatchedProcess[] | undefined;
}

/** Measures each interval. */
export class IntervalCollector {
  readonly probe: GeneratorProbe;
  readonly #source: Source;
  readonly #merger: ThreadMerger;
  readonly #machine: MachineWatch | undefined;
  #index = 0;
  #cookiesTold = false;

  constructor(source: Source) {
    const { run, threadCount, part, realTime, watched } = source;
    this.#source = source;
    this.#merger = new ThreadMerger(run, threadCount, part);
    this.#machine = realTime ? new MachineWatch(watched) : undefined;
    this.probe = new GeneratorProbe(realTime);
  }

  /** Starts the measurement of the machine; opens files, so call it before the clock of the run starts. */
  begin(): void {
    this.probe.begin();
    this.#machine?.begin();
  }

  end(): void {
    this.#machine?.end();
  }

  /** Takes what the threads have measured up to now; a busy thread is missing, except in the last interval. @param originMs clock time of the start of the run */
  async handOver(originMs: number, last: boolean): Promise<HandOver> {
    const { threads, clock } = this.#source;
    const reports = await (last ? threads.flushAll() : threads.flush());
    return { reports, endMs: clock.now() - originMs, last };
  }

  /** Notes, each once, on what the threads noticed. */
  notesOf({ reports }: HandOver): readonly ResultNote[] {
    if (this.#cookiesTold || !reports.some(({ cookiesMissed }) => cookiesMissed === true)) return [];
    this.#cookiesTold = true;
    return [{ level: 'warning', code: 'cookies-not-kept', text: COOKIES_NOT_KEPT }];
  }

  /** Merges what was handed over. @param before totals before this interval; used only where it is the last */
  async merge({ reports, endMs, last }: HandOver, before: Measures): Promise<CollectedInterval> {
    await this.turn();
    const machine = this.#machine?.sample(endMs - this.#merger.endMs) ?? null;
    await this.turn();
    const intervals = reports.map(({ interval }) => interval);
    return {
      ...this.#merger.merge(intervals, endMs, last ? before : undefined),
      index: this.#index++,
      last,
      machine,
      health: {
        threads: threadSamples(reports, this.#source.realTime),
        rssBytes: this.probe.rssBytes,
      },
    };
  }

  /** One turn of the event loop; none on a virtual clock, whose load does not wait for this thread. */
  async turn(): Promise<void> {
    if (this.#source.realTime) await loopTurn(this.#source.clock);
  }
}
