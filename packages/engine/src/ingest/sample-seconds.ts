/*
 * Sorts what a stream of samples says into seconds. A second is closed, and added to the whole, when the samples are well past
 * it, so that memory does not grow with the run.
 *
 * Must hold: the caller writes into what `at` returns at once and does not keep it, as the next call may close its second.
 * `finish` comes once, after the last sample.
 */

import { Histogram, type HistogramSnapshot } from '../recorder/index.ts';
import { Measures } from '../recorder/measures.ts';
import { BlockRecorder } from '../result/blocks.ts';
import { SeriesRecorder } from '../result/series.ts';
import type { RecordedRun } from '../model/compiled-run.ts';

/** Most samples are not later than that: k6 writes every 200 ms, and its users push when they get to it. */
const OPEN_SECONDS = 4;
/** Seconds of which late samples are collected before they are added, so that memory does not grow with their number. */
const MOST_LATE_SECONDS = 64;
/** Longest gap filled with empty seconds, one day: a wrong timestamp must not exhaust the memory. */
const LONGEST_GAP_SECONDS = 86_400;

/**
 * Called for each second that is closed, in order, some seconds late; times are since the start of the load. Later samples of it
 * are left out.
 */
export type OnSecond = (interval: Measures, startMs: number, endMs: number) => void;

interface Bin {
  readonly second: number;
  readonly measures: Measures;
  readonly intended: Map<number, Histogram>;
}

/** The seconds of a stream of samples. */
export class SampleSeconds {
  readonly total: Measures;
  readonly series = new SeriesRecorder();
  readonly blocks: BlockRecorder;
  readonly #run: RecordedRun;
  readonly #originMs: number;
  readonly #open = new Map<number, Bin>();
  /** Closed seconds that something was late for. */
  readonly #late = new Map<number, Bin>();
  /** Samples from before the start, which the first second holds. */
  earlier = 0;
  /** Samples more than a day after all others, which the newest second holds. */
  ahead = 0;
  #oldest = 0;
  #newest = 0;
  /** Number of users in the second that was closed last; NaN before the first sample of it. */
  #users = Number.NaN;
  /** Last number of users in each second that is not closed, whether or not anything has ended in it. */
  readonly #usersIn = new Map<number, number>();
  #lastMs = 0;

  readonly #onSecond: OnSecond | undefined;

  /** @param originMs start of the load, Unix time in milliseconds */
  constructor(run: RecordedRun, originMs: number, onSecond?: OnSecond) {
    this.#onSecond = onSecond;
    this.#run = run;
    this.total = new Measures(run);
    this.blocks = new BlockRecorder(run);
    this.#originMs = originMs;
  }

  /** Last moment at which something ended, since the start. */
  get lastMs(): number {
    return this.#lastMs;
  }

  /** Measures of the second in which something ended. */
  at(timeMs: number): Measures {
    if (timeMs < this.#originMs) this.earlier++;
    const { measures, second } = this.#bin(timeMs);
    if (second + LONGEST_GAP_SECONDS < Math.floor((timeMs - this.#originMs) / 1000)) this.ahead++;
    measures.grow();
    return measures;
  }

  /** Counts a response time under the second in which its request began. */
  intended(endMs: number, durationMs: number): void {
    const began = Math.max(0, Math.floor((endMs - durationMs - this.#originMs) / 1000));
    const { intended, second: ended } = this.#bin(endMs);
    const second = Math.min(began, ended);
    let histogram = intended.get(second);
    if (histogram === undefined) intended.set(second, (histogram = new Histogram()));
    histogram.record(durationMs * 1000);
  }

  /** The number of users at a moment; no end of anything, so it does not make the run longer. */
  setUsers(timeMs: number, users: number): void {
    const second = Math.floor((timeMs - this.#originMs) / 1000);
    if (second >= this.#oldest) this.#usersIn.set(second, users);
  }

  /** Closes everything that is open. */
  finish(): void {
    while (this.#oldest <= this.#newest && this.#open.size > 0) this.#closeOldest();
    this.#addLate();
    this.total.grow();
    this.total.durationMs = this.#lastMs;
  }

  #bin(timeMs: number): Bin {
    const sinceMs = Math.max(0, timeMs - this.#originMs);
    const second = Math.floor(sinceMs / 1000);
    if (second < this.#oldest) return this.#lateBin(second);
    if (second - this.#newest > LONGEST_GAP_SECONDS) return this.#binOf(this.#newest);
    if (sinceMs > this.#lastMs) this.#lastMs = sinceMs;
    if (second > this.#newest) {
      this.#newest = second;
      while (this.#oldest < second - OPEN_SECONDS) this.#closeOldest();
    }
    return this.#binOf(second);
  }

  /** Of a second that is not closed. */
  #binOf(second: number): Bin {
    let bin = this.#open.get(second);
    if (bin === undefined) this.#open.set(second, (bin = this.#newBin(second)));
    return bin;
  }

  #newBin(second: number): Bin {
    return { second, measures: new Measures(this.#run), intended: new Map() };
  }

  #lateBin(second: number): Bin {
    let bin = this.#late.get(second);
    if (bin === undefined) {
      if (this.#late.size >= MOST_LATE_SECONDS) this.#addLate();
      this.#late.set(second, (bin = this.#newBin(second)));
    }
    return bin;
  }

  #addLate(): void {
    for (const { second, measures, intended } of this.#late.values()) {
      measures.grow();
      this.total.add(measures);
      this.series.addLate(measures, second * 1000, snapshotsOf(intended));
      this.blocks.addLate(measures, second * 1000);
    }
    this.#late.clear();
  }

  #closeOldest(): void {
    const second = this.#oldest++;
    const bin = this.#open.get(second);
    this.#open.delete(second);
    const measures = bin?.measures ?? new Measures(this.#run);
    measures.grow();
    this.#users = this.#usersIn.get(second) ?? this.#users;
    this.#usersIn.delete(second);
    const startMs = second * 1000;
    const endMs = Math.max(startMs + 1, Math.min(startMs + 1000, this.#lastMs));
    const [first] = measures.scenarios;
    if (first !== undefined) {
      first.users = this.#users;
      first.targetUsers = this.#users;
      first.userMs = (this.#users || 0) * (endMs - startMs);
    }
    this.total.add(measures);
    this.series.add(measures, this.total, startMs, endMs, snapshotsOf(bin?.intended ?? new Map()));
    this.blocks.add(measures, startMs, endMs);
    this.#onSecond?.(measures, startMs, endMs);
  }
}

function snapshotsOf(intended: ReadonlyMap<number, Histogram>): (readonly [number, HistogramSnapshot])[] {
  return [...intended].map(([began, histogram]) => [began, histogram.snapshot()] as const);
}
