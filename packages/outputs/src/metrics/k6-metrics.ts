import { failuresIn, isFailure, OUTCOMES, outcomesOf, type Outcome } from '@jarvis-load/engine/outcome';
import type { OperationPart, RunInfo, SnapshotPart } from '@jarvis-load/engine';
import type { FamilySet, Series } from './family.ts';
import { K6CustomMetrics } from './k6-custom-metrics.ts';
import { K6_PHASES, K6_STATUS_OF } from './k6-names.ts';
import { K6Trend } from './k6-trend.ts';
import { windowStats, type Window } from './window.ts';

/*
 * Requests, iterations, groups and transfer by k6's names. Must hold:
 * - `add` gets each second once: counters add up every delta, gauges of users are set to their last value.
 * - `window` before each reading: trends (`_p95`, `_count` ..., times in seconds) and rates are those of its last call.
 * - `http_req_duration` is the service time. Names, and classes of statuses: `k6-names.ts`, shared with `k6-native-metrics.ts`.
 * - What dashboard 19665 averages over all series of a run (`k6_http_req_failed_rate`, users) is one series per run, without
 *   labels of scenario or operation: the mean of shares of operations would not be the share of the run.
 */

type Phase = keyof typeof K6_PHASES;
const PHASE_NAMES = Object.keys(K6_PHASES) as readonly Phase[];

class K6Operation {
  readonly #outcomes: readonly Outcome[];
  readonly #requests: Readonly<Record<Outcome, Series>>;
  readonly #durations: Readonly<Record<Outcome, K6Trend>>;
  readonly #phases: Readonly<Record<Phase, K6Trend>>;

  constructor(set: FamilySet, { scenario, operation, method, stream }: RunInfo['operations'][number]) {
    const labels = { scenario, name: operation, method };
    const family = {
      name: 'k6_http_reqs',
      type: 'counter',
      help: 'As k6 names it: completed requests.',
    } as const;
    const ofOutcome = (outcome: Outcome) => ({
      ...labels,
      status: K6_STATUS_OF[outcome],
      expected_response: String(!isFailure(outcome)),
      // Two outcomes may have one status.
      error: outcome === 'ok' ? '' : outcome,
    });
    this.#outcomes = outcomesOf(stream !== undefined);
    const each = <T>(make: (outcome: Outcome) => T): Record<Outcome, T> =>
      Object.fromEntries(this.#outcomes.map((outcome) => [outcome, make(outcome)])) as Record<Outcome, T>;
    this.#requests = each((outcome) => set.add(family, ofOutcome(outcome)));
    this.#durations = each((outcome) => new K6Trend(set, 'http_req_duration', ofOutcome(outcome)));
    this.#phases = Object.fromEntries(
      PHASE_NAMES.map((phase) => [phase, new K6Trend(set, K6_PHASES[phase], labels)]),
    ) as Record<Phase, K6Trend>;
  }

  add({ outcomes }: OperationPart): void {
    for (const outcome of this.#outcomes) this.#requests[outcome].value += outcomes[outcome];
  }

  window(parts: readonly OperationPart[]): void {
    for (const outcome of this.#outcomes)
      this.#durations[outcome].set(windowStats(parts.map(({ service }) => service[outcome])));
    for (const phase of PHASE_NAMES)
      this.#phases[phase].set(windowStats(parts.map(({ phases }) => phases[phase])));
  }
}

class K6Scenario {
  readonly #iterations: Series;
  readonly #duration: K6Trend;

  constructor(set: FamilySet, scenario: string) {
    const family = {
      name: 'k6_iterations',
      type: 'counter',
      help: 'As k6 names it: completed iterations.',
    } as const;
    this.#iterations = set.add(family, { scenario });
    this.#duration = new K6Trend(set, 'iteration_duration', { scenario });
  }

  add({ counts }: SnapshotPart['scenarios'][number]): void {
    this.#iterations.value += counts.completed;
  }

  window(parts: readonly SnapshotPart['scenarios'][number][]): void {
    this.#duration.set(windowStats(parts.map(({ iterationDuration }) => iterationDuration)));
  }
}

/**
 * The names that k6's outputs write, so that its dashboard 19665 works unchanged. Trends and rates describe the last
 * window; k6's own are cumulative.
 */
export class K6Metrics {
  readonly #operations = new Map<string, K6Operation>();
  readonly #scenarios = new Map<string, K6Scenario>();
  /** By scenario and path. */
  readonly #groups = new Map<string, K6Trend>();
  readonly #set: FamilySet;
  readonly #custom: K6CustomMetrics;
  readonly #vus: Series;
  readonly #vusMax: Series;
  readonly #failedRate: Series;
  readonly #dropped: Series;
  readonly #sent: Series;
  readonly #received: Series;

  constructor(set: FamilySet, run: RunInfo) {
    this.#set = set;
    for (const operation of run.operations)
      this.#operations.set(`${operation.scenario}\n${operation.operation}`, new K6Operation(set, operation));
    for (const { name } of run.scenarios) this.#scenarios.set(name, new K6Scenario(set, name));
    this.#custom = new K6CustomMetrics(set, run);
    const one = (name: string, type: 'counter' | 'gauge', help: string): Series =>
      set.add({ name: `k6_${name}`, type, help: `As k6 names it: ${help}` });
    this.#vus = one('vus', 'gauge', 'active users.');
    this.#vusMax = one('vus_max', 'gauge', 'most users at once.');
    this.#failedRate = one('http_req_failed_rate', 'gauge', 'share of failed requests in the last window.');
    this.#failedRate.set(null);
    this.#dropped = one('dropped_iterations', 'counter', 'planned iterations that never started.');
    this.#sent = one('data_sent', 'counter', 'bytes sent.');
    this.#received = one('data_received', 'counter', 'bytes of response bodies.');
  }

  add(delta: SnapshotPart): void {
    const { operations, scenarios } = delta;
    for (const part of operations) {
      this.#operations.get(`${part.scenario}\n${part.operation}`)?.add(part);
      this.#sent.value += part.bytesSent;
      this.#received.value += part.bytesReceived;
    }
    for (const part of scenarios) {
      this.#scenarios.get(part.scenario)?.add(part);
      this.#dropped.value += part.counts.dropped;
    }
    this.#vus.set(scenarios.reduce((sum, { users }) => sum + users, 0));
    this.#vusMax.set(scenarios.reduce((sum, { maxUsers }) => sum + maxUsers, 0));
    this.#custom.add(delta);
  }

  /** Computes what describes a window. */
  window({ parts }: Window): void {
    const operations = grouped(parts);
    for (const [key, operation] of this.#operations) operation.window(operations.get(key) ?? []);
    for (const [name, scenario] of this.#scenarios)
      scenario.window(parts.flatMap(({ scenarios }) => scenarios.filter((part) => part.scenario === name)));
    let requests = 0;
    let failed = 0;
    for (const { outcomes } of [...operations.values()].flat()) {
      for (const outcome of OUTCOMES) requests += outcomes[outcome];
      failed += failuresIn(outcomes);
    }
    this.#failedRate.set(requests === 0 ? null : failed / requests);
    this.#custom.window(parts);
    this.#windowOfGroups(parts);
  }

  #windowOfGroups(parts: readonly SnapshotPart[]): void {
    const groups = parts.flatMap((part) => part.groups ?? []);
    for (const { scenario, group } of groups) {
      const key = `${scenario}\n${group}`;
      if (!this.#groups.has(key))
        this.#groups.set(key, new K6Trend(this.#set, 'group_duration', { scenario, group }));
    }
    for (const [key, trend] of this.#groups) {
      const mine = groups.filter(({ scenario, group }) => `${scenario}\n${group}` === key);
      trend.set(windowStats(mine.map(({ durations }) => durations)));
    }
  }
}

function grouped(parts: readonly SnapshotPart[]): ReadonlyMap<string, readonly OperationPart[]> {
  const map = new Map<string, OperationPart[]>();
  for (const part of parts.flatMap(({ operations }) => operations)) {
    const key = `${part.scenario}\n${part.operation}`;
    const list = map.get(key);
    if (list === undefined) map.set(key, [part]);
    else list.push(part);
  }
  return map;
}
