import { OUTCOMES, type Outcome } from '@jarvis-load/engine/outcome';
import { ErrorGroups, type CompiledOperation, type CompiledScenario } from '@jarvis-load/engine/result';
import type { FoundRun } from './found-run.ts';
import { parseTags, type K6PointLine, type K6Tags } from './k6-line.ts';
import type { MetricSink } from './metric-sink.ts';
import type { MetricTable } from './metric-table.ts';
import { TimeBins, type OnSecond } from './time-bins.ts';
import {
  beginTrail,
  factsOf,
  isComplete,
  recordTrail,
  responseMs,
  TRAIL_PARTS,
  type Trail,
  type TrailFacts,
  type TrailPart,
} from './trail.ts';

/** The metrics of our own scripts (packages/k6-scenarios), by which outcomes are told that k6 does not know. */
export const OWN_METRICS = {
  outcomes: 'jarvis_outcomes',
  responseTime: 'response_time',
  exceptions: 'jarvis_exceptions',
  started: 'jarvis_started_iterations',
} as const;

/** Requests whose outcome the script has not told yet, at most; one each user, in a sane file. */
const MOST_PENDING = 50_000;
/** Series whose tags are kept read; a script that tags with ids makes a new one for each request. */
const MOST_SERIES = 20_000;
/** A script that tells outcomes does so at once; one that has not after so long does not. */
const UNTOLD_AFTER_MS = 2000;

/** What the samples of one series do. */
type Handler = (timeMs: number, value: number) => void;

interface Waiting {
  readonly operation: CompiledOperation;
  readonly trails: Trail[];
}

/** Turns k6's samples into what the engine's recorders hold: operations by outcome, iterations, checks, seconds. */
export class SampleReader {
  readonly errors = new ErrorGroups();
  /** Requests of `setup` and `teardown`. */
  requestsOutside = 0;
  /** Requests that broke off in the middle of their samples. */
  requestsCut = 0;
  /** Iterations, all scenarios: those that began (where the script says so) and those with an exception, by scenario. */
  readonly started = new Map<number, number>();
  readonly exceptions = new Map<number, number>();
  /** Bytes of the run without `setup` and `teardown`. */
  bytesSent = 0;
  bytesReceived = 0;
  firstMs = Number.POSITIVE_INFINITY;
  lastMs = Number.NEGATIVE_INFINITY;
  maxUsers = 0;
  readonly #table: MetricTable;
  readonly #found: FoundRun;
  readonly #series = new Map<string, Map<string, Handler>>();
  #seriesCount = 0;
  #bins: TimeBins | undefined;
  #originMs = Number.NaN;
  #trail: { readonly waiting: Waiting; readonly trail: Trail } | 'outside' | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #pending = 0;
  #tellsOutcomes = false;

  readonly #onSecond: OnSecond | undefined;

  constructor(table: MetricTable, found: FoundRun, onSecond?: OnSecond) {
    this.#onSecond = onSecond;
    this.#table = table;
    this.#found = found;
  }

  /** Start of the load, Unix time in milliseconds; NaN before its first sample. */
  get originMs(): number {
    return this.#originMs;
  }

  /** The samples in their seconds; nothing where there was no load. */
  get bins(): TimeBins | undefined {
    return this.#bins;
  }

  /** Takes a sample of a metric that is declared. */
  add({ metric, timeMs, value, tags }: K6PointLine): void {
    if (timeMs < this.firstMs) this.firstMs = timeMs;
    if (timeMs > this.lastMs) this.lastMs = timeMs;
    let series = this.#series.get(metric);
    if (series === undefined) this.#series.set(metric, (series = new Map()));
    let handle = series.get(tags);
    if (handle === undefined) {
      if (++this.#seriesCount > MOST_SERIES) this.#forgetSeries();
      handle = this.#handlerOf(metric, parseTags(tags));
      series.set(tags, handle);
    }
    handle(timeMs, value);
  }

  /** The end of the file. */
  finish(): void {
    this.#endTrail(true);
    for (const waiting of this.#waiting.values()) this.#recordUntold(waiting, Number.POSITIVE_INFINITY);
    this.#bins?.finish();
  }

  #forgetSeries(): void {
    for (const series of this.#series.values()) series.clear();
    this.#seriesCount = 1;
  }

  #handlerOf(metric: string, tags: K6Tags): Handler {
    const sinks = this.#table.sinksFor(metric, tags);
    const sum = addTo(sinks);
    const act = this.#actionOf(metric, tags);
    if (act === undefined) return (_, value) => sum(value);
    return (timeMs, value) => {
      sum(value);
      act(timeMs, value);
    };
  }

  #actionOf(metric: string, tags: K6Tags): Handler | undefined {
    const group = tags['group'] ?? '';
    const outside = group.startsWith('::setup') || group.startsWith('::teardown');
    if (metric === 'http_reqs') return this.#requestAction(tags, outside);
    const part = partOf(metric);
    if (part !== undefined) {
      return (_, value) => {
        if (typeof this.#trail === 'object') this.#trail.trail[part] = value;
      };
    }
    if (metric === 'http_req_failed') return undefined;
    const act = this.#eventAction(metric, tags, group, outside);
    return (timeMs, value) => {
      this.#endTrail(false);
      act?.(timeMs, value);
    };
  }

  #requestAction(tags: K6Tags, outside: boolean): Handler {
    if (outside) {
      return (_, value) => {
        this.#endTrail(false);
        this.#trail = 'outside';
        this.requestsOutside += value;
      };
    }
    const facts: TrailFacts = factsOf(tags);
    const waiting = this.#waitingOf(tags);
    return (timeMs) => {
      this.#endTrail(false);
      this.#trail = { waiting, trail: beginTrail(facts, timeMs) };
    };
  }

  #eventAction(metric: string, tags: K6Tags, group: string, outside: boolean): Handler | undefined {
    switch (metric) {
      case 'vus':
        return (timeMs, value) => {
          if (value > this.maxUsers) this.maxUsers = value;
          this.#bins?.setUsers(timeMs, value);
        };
      case 'data_sent':
        return outside ? undefined : (_, value) => (this.bytesSent += value);
      case 'data_received':
        return outside ? undefined : (_, value) => (this.bytesReceived += value);
      default:
    }
    if (outside) return undefined;
    const scenarioOf = (): CompiledScenario => this.#found.scenario(tags['scenario'] ?? 'default');
    switch (metric) {
      case 'iterations': {
        const { index } = scenarioOf();
        return (timeMs, value) => {
          this.#at(timeMs, timeMs).scenarios[index]!.counts.completed += value;
        };
      }
      case 'dropped_iterations': {
        const { index } = scenarioOf();
        return (timeMs, value) => {
          this.#at(timeMs, timeMs).scenarios[index]!.counts.dropped += value;
        };
      }
      case 'iteration_duration': {
        const { index } = scenarioOf();
        return (timeMs, value) => {
          this.#at(timeMs, timeMs - value).scenarios[index]!.iterationDuration.record(value * 1000);
        };
      }
      case 'checks': {
        const { index } = scenarioOf();
        const check = tags['check'] ?? '(unnamed)';
        const name = group === '' ? check : `${group.slice(2)}::${check}`;
        return (timeMs, value) =>
          this.#at(timeMs, timeMs).addCheck(index, name, value === 0 ? 0 : 1, value === 0 ? 1 : 0);
      }
      case OWN_METRICS.started: {
        const { index } = scenarioOf();
        return (timeMs, value) => {
          this.#at(timeMs, timeMs);
          this.started.set(index, (this.started.get(index) ?? 0) + value);
        };
      }
      case OWN_METRICS.exceptions: {
        const { index } = scenarioOf();
        return (timeMs, value) => {
          this.#at(timeMs, timeMs);
          this.exceptions.set(index, (this.exceptions.get(index) ?? 0) + value);
          this.#addException(index, tags['message'] ?? 'exception', value, timeMs);
        };
      }
      case OWN_METRICS.responseTime:
        return this.#outcomeAction(tags);
      default:
        return undefined;
    }
  }

  /** The script tells what became of a request: the one of this operation that took just as long. */
  #outcomeAction(tags: K6Tags): Handler | undefined {
    const outcome = tags['outcome'] as Outcome | undefined;
    if (outcome === undefined || !OUTCOMES.includes(outcome) || tags['name'] === undefined) return undefined;
    const waiting = this.#waitingOf(tags);
    const words = { code: tags['code'], message: tags['reason'] };
    this.#tellsOutcomes = true;
    return (_, value) => {
      const place = waiting.trails.findIndex((trail) => responseMs(trail) === value);
      if (place === -1) return;
      const [trail] = waiting.trails.splice(place, 1);
      this.#pending--;
      this.#record(waiting, trail!, outcome, words);
    };
  }

  #waitingOf(tags: K6Tags): Waiting {
    const scenario = this.#found.scenario(tags['scenario'] ?? 'default');
    const name = tags['name'] ?? tags['url'] ?? '(unnamed)';
    const operation = this.#found.operation(scenario, name, tags['method'] ?? '');
    let waiting = this.#waiting.get(operation.index);
    if (waiting === undefined) {
      waiting = { operation, trails: [] };
      this.#waiting.set(operation.index, waiting);
    }
    return waiting;
  }

  #endTrail(endOfFile: boolean): void {
    const current = this.#trail;
    if (current === undefined) return;
    this.#trail = undefined;
    if (current === 'outside') return;
    const { waiting, trail } = current;
    if (!isComplete(trail)) {
      if (!endOfFile || !Number.isNaN(trail.endMs)) this.requestsCut++;
      return;
    }
    this.#at(trail.endMs, trail.endMs - responseMs(trail));
    waiting.trails.push(trail);
    this.#pending++;
    if (!this.#tellsOutcomes) this.#recordUntold(waiting, trail.endMs - UNTOLD_AFTER_MS);
    else if (this.#pending > MOST_PENDING) this.#recordUntold(waiting, trail.endMs);
  }

  /** Requests of which the script said nothing: what k6 knows of them has to do. */
  #recordUntold(waiting: Waiting, beforeMs: number): void {
    let count = 0;
    while (count < waiting.trails.length && waiting.trails[count]!.endMs <= beforeMs) count++;
    for (const trail of waiting.trails.splice(0, count)) {
      this.#pending--;
      this.#record(waiting, trail, trail.outcome, { code: undefined, message: undefined });
    }
  }

  #record(
    { operation }: Waiting,
    trail: Trail,
    outcome: Outcome,
    words: { readonly code: string | undefined; readonly message: string | undefined },
  ): void {
    const measures = this.#at(trail.endMs, trail.endMs);
    recordTrail(measures.operations[operation.index]!, trail, outcome);
    this.#bins!.intended(trail.endMs, responseMs(trail));
    if (outcome === 'ok') return;
    const code = words.code ?? trail.code;
    const message = words.message ?? trail.message;
    const atMs = trail.endMs - this.#originMs;
    const { method, route } = operation.operation;
    this.errors.add(
      [
        {
          operation: operation.index,
          outcome: OUTCOMES.indexOf(outcome),
          code,
          message,
          count: 1,
          firstMs: atMs,
          lastMs: atMs,
          // k6's output has neither user nor answer.
          sample: {
            atMs,
            status: trail.status,
            message,
            request: `${method} ${route}`,
            body: '',
            user: 0,
            iteration: 0,
          },
        },
      ],
      [],
      0,
    );
  }

  #addException(scenario: number, message: string, count: number, timeMs: number): void {
    const atMs = timeMs - this.#originMs;
    this.errors.add([], [{ scenario, message, traceback: '', count, firstMs: atMs, lastMs: atMs }], 0);
  }

  /** The second in which something ended; the first of all sets the clock. */
  #at(endMs: number, beganMs: number) {
    if (this.#bins === undefined) {
      this.#originMs = beganMs;
      this.#bins = new TimeBins(this.#found.run, beganMs, this.#onSecond);
    }
    return this.#bins.at(endMs);
  }
}

function addTo(sinks: readonly MetricSink[]): (value: number) => void {
  const [only] = sinks;
  if (only !== undefined && sinks.length === 1) return (value) => only.add(value);
  return (value) => {
    for (const sink of sinks) sink.add(value);
  };
}

function partOf(metric: string): TrailPart | undefined {
  return TRAIL_PARTS.find((part) => metric === `http_req_${part}`);
}
