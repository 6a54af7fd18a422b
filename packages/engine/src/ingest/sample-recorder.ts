/*
 * Writes the samples of another tool into the engine's recorders, second by second: memory does not grow with their number.
 *
 * Must hold: calls come in the order that `SampleSink` asks for; `finish` comes once, after the last sample. Messages of failures
 * are redacted here, by form and name alone: which values are secret is not known.
 */

import { isFailure, OUTCOMES } from '../outcome.ts';
import { Histogram } from '../recorder/histogram.ts';
import { Measures } from '../recorder/measures.ts';
import type { OperationMeasures } from '../recorder/operation-measures.ts';
import { ErrorGroups } from '../result/error-groups.ts';
import { SeriesRecorder } from '../result/series.ts';
import type { RunResult } from '../document/schema.ts';
import type { CompiledOperation, RecordedRun } from '../model/compiled-run.ts';
import { Redactor } from '../secrets/redactor.ts';
import { ActiveTime } from './active-time.ts';
import { SampleSeconds, type OnSecond } from './sample-seconds.ts';
import type { RequestSample, SampleSink } from './sample-sink.ts';

const MAX_CLEANED = 1000;

/** What the samples of a run add up to: parts of `buildResult`. */
export interface RecordedSamples {
  readonly total: Measures;
  readonly errors: ErrorGroups;
  readonly series: RunResult['series'];
  readonly blocks: RunResult['blocks'];
  /** Start of the load, Unix time in milliseconds; NaN where there was none. */
  readonly originMs: number;
  /** HTTP requests. */
  readonly requests: number;
  /** Samples from before the start, which the first second holds. */
  readonly earlier: number;
  /** Samples more than a day after all others, which the newest second holds: their time is wrong. */
  readonly ahead: number;
  /** Most users at once; 0 if the tool reports none. */
  readonly maxUsers: number;
}

/** Writes samples into the engine's recorders. */
export class SampleRecorder implements SampleSink {
  readonly #errors = new ErrorGroups();
  readonly #redactor = new Redactor();
  readonly #cleaned = new Map<string, string>();
  readonly #run: RecordedRun;
  readonly #onSecond: OnSecond | undefined;
  /** By scenario. */
  readonly #started = new Map<number, number>();
  readonly #exceptions = new Map<number, number>();
  readonly #active = new Map<number, ActiveTime>();
  #seconds: SampleSeconds | undefined;
  #originMs = Number.NaN;
  #requests = 0;
  #maxUsers = 0;

  /** @param run may grow while samples are written */
  constructor(run: RecordedRun, onSecond?: OnSecond) {
    this.#run = run;
    this.#onSecond = onSecond;
  }

  begin(timeMs: number): void {
    this.#secondsFrom(timeMs);
  }

  request(operation: CompiledOperation, sample: RequestSample): void {
    this.#requests++;
    const { endMs, outcome, responseMs, code, status } = sample;
    this.#activeOf(operation.scenarioIndex).add(endMs - responseMs, endMs);
    const measures = this.#at(endMs).operations[operation.index]!;
    recordRequest(measures, sample);
    if (sample.tags !== undefined) recordRequest(measures.ofTags(sample.tags), sample);
    this.#seconds!.intended(endMs, responseMs);
    if (!isFailure(outcome)) return;
    const message = this.#clean(sample.message);
    const { method, route } = operation.operation;
    const atMs = endMs - this.#originMs;
    const unknown = { body: '', user: null, iteration: null };
    const example = { atMs, status, message, request: `${method} ${route}`, ...unknown };
    const identity = { operation: operation.index, outcome: OUTCOMES.indexOf(outcome) };
    const times = { count: 1, firstMs: atMs, lastMs: atMs };
    this.#errors.add([{ ...identity, code, message, ...times, sample: example }], [], 0);
  }

  startIterations(scenario: number, count: number, timeMs: number): void {
    this.#at(timeMs);
    this.#activeOf(scenario).add(timeMs, timeMs);
    this.#started.set(scenario, (this.#started.get(scenario) ?? 0) + count);
  }

  endIterations(scenario: number, count: number, timeMs: number): void {
    this.#at(timeMs).scenarios[scenario]!.counts.completed += count;
    this.#activeOf(scenario).add(timeMs, timeMs);
  }

  dropIterations(scenario: number, count: number, timeMs: number): void {
    this.#at(timeMs).scenarios[scenario]!.counts.dropped += count;
    this.#activeOf(scenario).add(timeMs, timeMs);
  }

  iterationDuration(scenario: number, durationMs: number, endMs: number): void {
    this.begin(endMs - durationMs);
    this.#at(endMs).scenarios[scenario]!.iterationDuration.record(durationMs * 1000);
    this.#activeOf(scenario).iteration(endMs - durationMs, endMs);
  }

  exception(scenario: number, said: string, count: number, timeMs: number): void {
    const message = this.#clean(said);
    this.#at(timeMs);
    this.#exceptions.set(scenario, (this.#exceptions.get(scenario) ?? 0) + count);
    const atMs = timeMs - this.#originMs;
    this.#errors.add([], [{ scenario, message, traceback: '', count, firstMs: atMs, lastMs: atMs }], 0);
  }

  check(scenario: number, name: string, passed: boolean, timeMs: number): void {
    this.#at(timeMs).addCheck(scenario, name, passed ? 1 : 0, passed ? 0 : 1);
  }

  groupDuration(scenario: number, path: string, durationMs: number, endMs: number): void {
    this.#at(endMs)
      .groups[scenario]!.of({ group: path })
      .record(durationMs * 1000);
  }

  trend(metric: string, value: number, timeMs: number): void {
    this.#at(timeMs).addTrend(metric, 1, value);
  }

  users(count: number, timeMs: number): void {
    if (count > this.#maxUsers) this.#maxUsers = count;
    this.#seconds?.setUsers(timeMs, count);
  }

  /** Without what looks like a secret; looked at once for each text. */
  #clean(text: string): string {
    let clean = this.#cleaned.get(text);
    if (clean === undefined) {
      clean = this.#redactor.text(text);
      if (this.#cleaned.size < MAX_CLEANED) this.#cleaned.set(text, clean);
    }
    return clean;
  }

  /** The end of the samples. To be called once. */
  finish(): RecordedSamples {
    this.#seconds?.finish();
    const total = this.#seconds?.total ?? new Measures(this.#run);
    total.grow();
    this.#accountFor(total);
    return {
      total,
      errors: this.#errors,
      series: (this.#seconds?.series ?? new SeriesRecorder()).result(),
      blocks: this.#seconds?.blocks.result(),
      originMs: this.#originMs,
      requests: this.#requests,
      earlier: this.#seconds?.earlier ?? 0,
      ahead: this.#seconds?.ahead ?? 0,
      maxUsers: this.#maxUsers,
    };
  }

  /** Iterations: planned = completed + failed + dropped + interrupted, the last as far as it is known. */
  #accountFor(total: Measures): void {
    const tellsStarts = this.#started.size > 0;
    total.scenarios.forEach((scenario, index) => {
      const { counts } = scenario;
      const ended = counts.completed;
      counts.failed = Math.min(ended, this.#exceptions.get(index) ?? 0);
      counts.completed = ended - counts.failed;
      counts.started = Math.max(ended, this.#started.get(index) ?? 0);
      counts.interrupted = tellsStarts ? counts.started - ended : Number.NaN;
      counts.planned = counts.started + counts.dropped;
      // Users are reported for the whole run only: each of several scenarios gets those that its iterations used.
      const alone = total.scenarios.length === 1 && this.#maxUsers > 0;
      scenario.maxUsers = alone ? this.#maxUsers : Number.NaN;
      if (!alone) scenario.userMs = scenario.iterationDuration.sum / 1000;
      const active = this.#active.get(index)?.of(counts, this.#originMs, this.#originMs + total.durationMs);
      if (active !== undefined) {
        scenario.loadMs = active.loadMs;
        scenario.loadStartMs = active.startMs;
      }
    });
  }

  #activeOf(scenario: number): ActiveTime {
    let active = this.#active.get(scenario);
    if (active === undefined)
      this.#active.set(scenario, (active = new ActiveTime(this.#run.scenarios[scenario]!)));
    return active;
  }

  #secondsFrom(timeMs: number): SampleSeconds {
    if (this.#seconds === undefined) {
      this.#originMs = timeMs;
      this.#seconds = new SampleSeconds(this.#run, timeMs, this.#onSecond);
    }
    return this.#seconds;
  }

  #at(timeMs: number): Measures {
    return this.#secondsFrom(timeMs).at(timeMs);
  }
}

function recordRequest(measures: OperationMeasures, sample: RequestSample): void {
  const { outcome, status, responseMs, serviceMs, queueMs, phasesMs } = sample;
  const index = OUTCOMES.indexOf(outcome);
  measures.outcomes[index]!++;
  if (status !== null) measures.statuses.set(status, (measures.statuses.get(status) ?? 0) + 1);
  // Samples contain neither retries nor bytes sent.
  measures.retries = Number.NaN;
  measures.bytesSent = Number.NaN;
  measures.bytesReceived = Number.NaN;
  (measures.response[index] ??= new Histogram()).record(responseMs * 1000);
  (measures.service[index] ??= new Histogram()).record(serviceMs * 1000);
  measures.queueWait.record(queueMs * 1000);
  measures.phases.forEach((phase, place) => phase.record(phasesMs[place]! * 1000));
}
