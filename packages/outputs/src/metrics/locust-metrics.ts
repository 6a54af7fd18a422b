import { failuresIn, OUTCOMES } from '@jarvis-load/engine/outcome';
import type { OperationPart, RunInfo, SnapshotPart } from '@jarvis-load/engine';
import { Histogram } from '@jarvis-load/engine/recorder';
import type { FamilySet, Series } from './family.ts';
import { windowStats, type Window } from './window.ts';

/*
 * The run by the names of locust_exporter. Must hold:
 * - The caller gives each second to `add`, in order, which sets users, errors and `running`; `window` before each reading sets the
 *   statistics of requests.
 * - Operations of one name and method share a row, whatever their scenario, as in Locust.
 * - At most `MOST_ERRORS` series of errors, and one of all others: their label is text of the target.
 */

/** Most series of `locust_errors`: their label is the text of an error. */
const MOST_ERRORS = 100;
const OTHER_ERRORS = 'other errors';

/** Values of `locust_running`; 1 is "spawning". */
const RUNNING = 2;
const STOPPED = 0;

const PER_REQUEST = [
  'num_requests',
  'num_failures',
  'avg_response_time',
  'min_response_time',
  'max_response_time',
  'median_response_time',
  'avg_content_length',
  'current_rps',
  'current_fail_per_sec',
] as const;

/** One row of Locust's statistics: of the run so far, and of the last window what is called current. */
class Row {
  readonly #series: Readonly<Record<(typeof PER_REQUEST)[number], Series>>;
  readonly #times = new Histogram();
  #bytes = 0;
  requests = 0;
  failures = 0;

  constructor(set: FamilySet, labels: Readonly<Record<string, string>>) {
    this.#series = Object.fromEntries(
      PER_REQUEST.map((name) => {
        const help = `As locust_exporter names it, ${name.endsWith('_time') ? 'milliseconds' : 'of one name'}.`;
        return [name, set.add({ name: `locust_requests_${name}`, type: 'gauge', help }, labels)];
      }),
    ) as Record<(typeof PER_REQUEST)[number], Series>;
  }

  add(part: OperationPart): void {
    this.requests += requestsIn(part);
    this.failures += failuresIn(part.outcomes);
    this.#bytes += part.bytesReceived;
    for (const times of Object.values(part.response)) this.#times.addSnapshot(times);
  }

  /** @param parts of the last window. @param seconds its length */
  update(parts: readonly OperationPart[], seconds: number): void {
    const { count, sum, min = 0, max = 0 } = this.#times;
    const current = (read: (part: OperationPart) => number): number =>
      seconds === 0 ? 0 : parts.reduce((total, part) => total + read(part), 0) / seconds;
    const values = {
      num_requests: this.requests,
      num_failures: this.failures,
      avg_response_time: count === 0 ? 0 : sum / count / 1000,
      min_response_time: min / 1000,
      max_response_time: max / 1000,
      median_response_time: (this.#times.quantile(0.5) ?? 0) / 1000,
      avg_content_length: this.requests === 0 ? 0 : this.#bytes / this.requests,
      current_rps: current(requestsIn),
      current_fail_per_sec: current(({ outcomes }) => failuresIn(outcomes)),
    };
    for (const name of PER_REQUEST) this.#series[name].set(values[name]);
  }
}

/**
 * The names of locust_exporter, for its Grafana dashboard 11985. Values are Locust's: milliseconds, 0 without a request.
 */
export class LocustMetrics {
  readonly #set: FamilySet;
  readonly #rows = new Map<string, { readonly name: string; readonly method: string; readonly row: Row }>();
  readonly #all: Row;
  readonly #errors = new Map<string, Series>();
  readonly #running: Series;
  readonly #users: Series;
  readonly #failRatio: Series;
  readonly #percentiles: readonly [p50: Series, p95: Series];

  constructor(set: FamilySet, run: RunInfo) {
    this.#set = set;
    const one = (name: string, value: number): Series => {
      // The text format reserves the ending `_count` for histograms.
      const type = name.endsWith('_count') ? 'unknown' : 'gauge';
      const series = set.add({ name: `locust_${name}`, type, help: 'As locust_exporter names it.' });
      series.value = value;
      return series;
    };
    one('up', 1);
    this.#running = one('running', RUNNING);
    one('workers_count', run.threads);
    one('slaves_count', run.threads);
    one('workers_running_count', run.threads);
    one('workers_hatching_count', 0);
    one('workers_missing_count', 0);
    this.#users = one('users', 0);
    this.#failRatio = one('requests_fail_ratio', 0);
    this.#percentiles = [
      one('requests_current_response_time_percentile_50', 0),
      one('requests_current_response_time_percentile_95', 0),
    ];
    for (const { scenario, operation, method } of run.operations) {
      // Locust has one row for a name, whatever class its users are of.
      const key = `${method} ${operation}`;
      const found = [...this.#rows.values()].find((each) => `${each.method} ${each.name}` === key);
      const row = found?.row ?? new Row(set, { method, name: operation });
      this.#rows.set(`${scenario}\n${operation}`, { name: operation, method, row });
    }
    this.#all = new Row(set, { method: '', name: 'Aggregated' });
  }

  /** @param last no second follows */
  add({ operations, scenarios, errors }: SnapshotPart, last: boolean): void {
    if (last) this.#running.set(STOPPED);
    for (const part of operations) {
      this.#rows.get(`${part.scenario}\n${part.operation}`)?.row.add(part);
      this.#all.add(part);
    }
    this.#users.set(scenarios.reduce((sum, { users }) => sum + users, 0));
    for (const { scenario, operation, message, count } of errors) {
      const { name, method } = this.#rows.get(`${scenario}\n${operation}`) ?? { name: operation, method: '' };
      this.#errorOf(method, name, message).value += count;
    }
  }

  window({ parts }: Window): void {
    const seconds = parts.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
    const operations = parts.flatMap((part) => part.operations);
    for (const row of new Set([...this.#rows.values()].map((each) => each.row))) {
      const mine = operations.filter(
        (part) => this.#rows.get(`${part.scenario}\n${part.operation}`)?.row === row,
      );
      row.update(mine, seconds);
    }
    this.#all.update(operations, seconds);
    this.#failRatio.set(this.#all.requests === 0 ? 0 : this.#all.failures / this.#all.requests);
    const stats = windowStats(operations.flatMap(({ response }) => Object.values(response)));
    this.#percentiles[0].set((stats?.med ?? 0) * 1000);
    this.#percentiles[1].set((stats?.p95 ?? 0) * 1000);
  }

  #errorOf(method: string, name: string, message: string): Series {
    const own = `${method} ${name} ${message}`;
    const full = this.#errors.size >= MOST_ERRORS && !this.#errors.has(own);
    const key = full ? OTHER_ERRORS : own;
    let series = this.#errors.get(key);
    if (series === undefined) {
      const help = 'As locust_exporter names it: failed requests by error.';
      const labels = full ? { error: OTHER_ERRORS } : { method, name, error: message };
      this.#errors.set(key, (series = this.#set.add({ name: 'locust_errors', type: 'gauge', help }, labels)));
    }
    return series;
  }
}

function requestsIn({ outcomes }: OperationPart): number {
  return OUTCOMES.reduce((sum, outcome) => sum + outcomes[outcome], 0);
}
