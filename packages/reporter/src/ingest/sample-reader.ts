/**
 * Converts the samples of one file of k6 into the engine's recorders.
 *
 * Must hold:
 * - The samples of one request are consecutive (k6 writes them so): the next sample of another kind ends it.
 * - A handler is made once per metric and text of tags: it may depend on nothing else that changes later.
 * - `readSamples` calls `finish` after the last sample: it settles requests that still wait for the outcome of the script.
 * - The names in `ScriptMetrics` and their tags are written by `packages/k6-scenarios`.
 */
import { OUTCOMES, type Outcome } from '@jarvis-load/engine/outcome';
import type { RecordedScenario, SampleSink } from '@jarvis-load/engine/ingest';
import type { FoundRun } from './found-run.ts';
import { parseTags, type K6PointLine, type K6Tags } from './k6-line.ts';
import type { MetricSink } from './metric-sink.ts';
import type { MetricTable } from './metric-table.ts';
import {
  beginTrail,
  factsOf,
  isComplete,
  requestSampleOf,
  responseMs,
  TRAIL_PARTS,
  turnSampleOf,
  type Trail,
  type TrailPart,
} from './trail.ts';
import type { RunnerLevel } from './runner-levels.ts';
import { UntoldRequests, type Queue } from './untold-requests.ts';

/** Names of the metrics in which a script reports what k6 does not record. */
export interface ScriptMetrics {
  /** Counter of requests, with the tags `name` and `outcome`. */
  readonly outcomes: string;
  /** Trend of response times, tagged likewise. */
  readonly responseTime: string;
  /** Counter of iterations that ended with an exception. */
  readonly exceptions: string;
  /** Counter of started iterations; its presence shows that the script is one of packages/k6-scenarios. */
  readonly started: string;
  /** Trend of turns on WebSockets, tagged as `outcomes`. */
  readonly turnTime: string;
}

/** Most series in the cache of parsed tags; a script that tags with ids creates a series for each request. */
const MOST_SERIES = 20_000;

/** Processes one sample of a series. */
type Handler = (timeMs: number, value: number) => void;

/** Converts k6's samples into the engine's recorders: operations by outcome, iterations, checks, seconds. */
export class SampleReader {
  /** Requests of `setup` and `teardown`. */
  requestsOutside = 0;
  /** Whether the output lacks the status of some requests. */
  statusUntold = false;
  /** Whether requests have the tag `expected_response`. */
  expectedTold = false;
  /** Whether iterations lack the tag `scenario`, by which samples of `setup` and `teardown` are told from those of groups. */
  scenarioUntold = false;
  /** HTTP requests of the run; turns on WebSockets are not among them. */
  requests = 0;
  /** Requests with incomplete samples. */
  requestsCut = 0;
  /** Bytes of the run without `setup` and `teardown`. */
  bytesSent: number | null = null;
  bytesReceived: number | null = null;
  firstMs = Number.POSITIVE_INFINITY;
  lastMs = Number.NEGATIVE_INFINITY;
  readonly #sink: SampleSink;
  readonly #table: MetricTable;
  readonly #found: FoundRun;
  readonly #untold: UntoldRequests;
  readonly #level: RunnerLevel | undefined;
  readonly #series = new Map<string, Map<string, Handler>>();
  #seriesCount = 0;
  /** The request whose samples are being read; undefined for one of `setup` or `teardown`. */
  #current: { readonly queue: Queue; readonly trail: Trail } | undefined;

  readonly #script: { readonly metrics: ScriptMetrics | undefined; readonly isOurs: () => boolean };

  constructor(
    table: MetricTable,
    found: FoundRun,
    script: { readonly metrics: ScriptMetrics | undefined; readonly isOurs: () => boolean },
    sink: SampleSink,
    level?: RunnerLevel,
  ) {
    this.#level = level;
    this.#script = script;
    this.#table = table;
    this.#found = found;
    this.#sink = sink;
    this.#untold = new UntoldRequests((operation, trail, outcome, words) => {
      this.requests++;
      sink.request(operation, requestSampleOf(trail, outcome, words));
    });
  }

  /** Reads a sample of a declared metric. */
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

  /** Call at the end of the file. */
  finish(): void {
    this.#endTrail();
    this.#untold.finish();
    this.#level?.end();
  }

  #forgetSeries(): void {
    for (const series of this.#series.values()) series.clear();
    this.#seriesCount = 1;
  }

  #handlerOf(metric: string, tags: K6Tags): Handler {
    const level = this.#level;
    const handle = this.#plainHandlerOf(metric, tags);
    if (level === undefined || this.#table.kindOf(metric) !== 'gauge') return handle;
    return (timeMs, value) => handle(timeMs, level.of(metric, value));
  }

  #plainHandlerOf(metric: string, tags: K6Tags): Handler {
    const sum = addTo(this.#table.sinksFor(metric, tags));
    const act = this.#actionOf(metric, tags);
    if (act === undefined) return (_, value) => sum(value);
    return (timeMs, value) => {
      sum(value);
      act(timeMs, value);
    };
  }

  #actionOf(metric: string, tags: K6Tags): Handler | undefined {
    const outside = isOutside(tags);
    if (metric === 'http_reqs') return this.#requestAction(tags, outside);
    const part = partOf(metric);
    if (part !== undefined) {
      return (_, value) => {
        if (this.#current !== undefined) this.#current.trail[part] = value;
      };
    }
    if (metric === 'http_req_failed') {
      return (_, value) => {
        if (this.#current === undefined) return;
        const { facts } = this.#current.trail;
        this.#current.trail.verdict = value === 0 ? facts.passed : facts.failed;
      };
    }
    const act = this.#wholeAction(metric, outside) ?? (outside ? undefined : this.#loadAction(metric, tags));
    return (timeMs, value) => {
      this.#endTrail();
      act?.(timeMs, value);
    };
  }

  #requestAction(tags: K6Tags, outside: boolean): Handler {
    if (outside) {
      return (_, value) => {
        this.#endTrail();
        this.requestsOutside += value;
      };
    }
    const queue = this.#queueOf(tags);
    const facts = factsOf(tags, queue.operation.operation.tags);
    if (facts.status === null) this.statusUntold = true;
    if (tags['expected_response'] !== undefined) this.expectedTold = true;
    return (timeMs) => {
      this.#endTrail();
      this.#current = { queue, trail: beginTrail(facts, timeMs) };
    };
  }

  /** Samples that count for the whole run, not for a scenario. */
  #wholeAction(metric: string, outside: boolean): Handler | undefined {
    switch (metric) {
      case 'vus':
        return (timeMs, value) => this.#sink.users(value, timeMs);
      case 'data_sent':
        return outside ? undefined : (_, value) => (this.bytesSent = (this.bytesSent ?? 0) + value);
      case 'data_received':
        return outside ? undefined : (_, value) => (this.bytesReceived = (this.bytesReceived ?? 0) + value);
      default:
        return undefined;
    }
  }

  /** Samples of the script's own metrics that report what k6 does not record. */
  #scriptAction(metric: string, tags: K6Tags): Handler | undefined {
    // Checked because a foreign script may use one of these names for another metric.
    const { metrics, isOurs } = this.#script;
    if (metrics === undefined || !isOurs()) return undefined;
    const sink = this.#sink;
    switch (metric) {
      case metrics.started: {
        const { index } = this.#scenarioOf(tags);
        return (timeMs, value) => sink.startIterations(index, value, timeMs);
      }
      case metrics.exceptions: {
        const { index } = this.#scenarioOf(tags);
        return (timeMs, value) => sink.exception(index, tags['message'] ?? 'exception', value, timeMs);
      }
      case metrics.responseTime:
        return this.#outcomeAction(tags);
      case metrics.turnTime:
        return this.#turnAction(tags);
      default:
        return undefined;
    }
  }

  /** Samples of the users of a scenario. */
  #loadAction(metric: string, tags: K6Tags): Handler | undefined {
    const sink = this.#sink;
    const indexOf = (): number => this.#scenarioOf(tags).index;
    switch (metric) {
      case 'iterations': {
        const index = indexOf();
        if (tags['scenario'] === undefined) this.scenarioUntold = true;
        return (timeMs, value) => sink.endIterations(index, value, timeMs);
      }
      case 'dropped_iterations': {
        const index = indexOf();
        return (timeMs, value) => sink.dropIterations(index, value, timeMs);
      }
      case 'iteration_duration': {
        const index = indexOf();
        return (timeMs, value) => sink.iterationDuration(index, value, timeMs);
      }
      case 'group_duration': {
        const index = indexOf();
        const { group = '' } = tags;
        return (timeMs, value) => sink.groupDuration(index, group, value, timeMs);
      }
      case 'checks': {
        const index = indexOf();
        const name = nameOfCheck(tags);
        return (timeMs, value) => sink.check(index, name, value !== 0, timeMs);
      }
      default:
        return (
          this.#scriptAction(metric, tags) ??
          (this.#table.isPlainTrend(metric)
            ? (timeMs, value) => sink.trend(metric, value, timeMs)
            : undefined)
        );
    }
  }

  #outcomeAction(tags: K6Tags): Handler | undefined {
    const { outcome } = tags;
    if (!isOutcome(outcome) || tags['name'] === undefined) return undefined;
    const queue = this.#queueOf(tags);
    const words = { code: tags['code'], message: tags['reason'] };
    this.#untold.expect();
    return (_, value) => this.#untold.tell(queue, value, outcome, words);
  }

  /** A turn on a WebSocket is a request that k6 itself knows nothing of. */
  #turnAction(tags: K6Tags): Handler | undefined {
    const { outcome, name } = tags;
    if (name === undefined || !isOutcome(outcome)) return undefined;
    const operation = this.#found.operation(this.#scenarioOf(tags), name, 'GET');
    const words = { code: tags['code'], message: tags['reason'] };
    return (timeMs, value) => {
      this.#sink.begin(timeMs - value);
      this.#sink.request(operation, turnSampleOf(timeMs, value, outcome, words));
    };
  }

  #scenarioOf(tags: K6Tags): RecordedScenario {
    return this.#found.scenario(tags['scenario'] ?? 'default');
  }

  #queueOf(tags: K6Tags): Queue {
    const name = tags['name'] ?? tags['url'] ?? '(unnamed)';
    const operation = this.#found.operation(this.#scenarioOf(tags), name, tags['method'] ?? '');
    return this.#untold.queueOf(operation);
  }

  #endTrail(): void {
    if (this.#current === undefined) return;
    const { queue, trail } = this.#current;
    this.#current = undefined;
    if (!isComplete(trail)) {
      this.requestsCut++;
      return;
    }
    // Report the start of the request: the first one sets the start of the run's clock.
    this.#sink.begin(trail.endMs - responseMs(trail));
    this.#untold.add(queue, trail);
  }
}

/**
 * Whether a sample is of `setup` or `teardown`. k6 tags these with a group of that name and without a scenario; a
 * user's own group may have the same name, but has a scenario.
 */
function isOutside({ group = '', scenario = '' }: K6Tags): boolean {
  return scenario === '' && /^::(setup|teardown)(::|$)/.test(group);
}

const isOutcome = (text: string | undefined): text is Outcome =>
  text !== undefined && (OUTCOMES as readonly string[]).includes(text);

/** The name of a check, preceded by its k6 group. */
function nameOfCheck(tags: K6Tags): string {
  const { check = '(unnamed)', group = '' } = tags;
  return group === '' ? check : `${group.slice(2)}::${check}`;
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
