import { isFailure, OUTCOMES } from '../outcome.ts';
import type { RecordedRun } from '../model/compiled-run.ts';
import { Histogram } from '../recorder/histogram.ts';
import type { StreamCounts, StreamTime } from '../model/stream-interval.ts';
import { goodputOf } from './goodput.ts';
import { PHASES } from '../recorder/phases.ts';
import type { Measures } from '../recorder/measures.ts';
import type { OperationMeasures } from '../recorder/operation-measures.ts';
import type { MetricType } from '../thresholds/bind.ts';
import type { MetricValues } from '../thresholds/metric-values.ts';
import { mergeSelected, selectedParts } from './selected-parts.ts';
import type { Selection } from './selection.ts';

/**
 * A metric that every run has: k6's, and some of our own. Its name also goes into `BUILT_IN` or `OF_STREAMS` of
 * `reporter/src/view/sorted-metrics.ts`, or views show it as a metric of scenarios.
 */
interface BuiltinMetric extends MetricType {
  /** Tags by which its samples can be selected: `values` applies each of them. */
  readonly tags: readonly string[];
  /** Which tags of single requests its samples can be selected by: all, or that of their group. @default none */
  readonly ofRequests?: 'all' | 'group';
  /** Of an interval or of the totals, which it does not change; called each second. */
  values(measures: Measures, selection: Selection): MetricValues;
}

/** Tags of every request metric. */
const OPERATION_TAGS = ['scenario', 'operation', 'name', 'method'];
/** Tags of metrics of completed requests. */
const REQUEST_TAGS = [...OPERATION_TAGS, 'status', 'outcome', 'expected_response'];
const FAILING = OUTCOMES.flatMap((outcome, index) => (isFailure(outcome) ? [index] : []));

/** Merges the requested histograms of all selected operations. Only those: some thresholds read them every second. */
function mergeTimes(
  measures: Measures,
  selection: Selection,
  read: (operation: OperationMeasures) => readonly (Histogram | undefined)[],
): Histogram {
  const merged = new Histogram();
  for (const part of selectedParts(measures, selection)) {
    for (const histogram of read(part)) if (histogram !== undefined) merged.add(histogram);
  }
  return merged;
}

/** @param read histograms by outcome */
function latency(read: (operation: OperationMeasures) => readonly (Histogram | undefined)[]): BuiltinMetric {
  return {
    kind: 'trend',
    unit: 'ms',
    tags: REQUEST_TAGS,
    ofRequests: 'all',
    values: (measures, selection) => {
      const { outcomes } = selection;
      const wanted = (operation: OperationMeasures) =>
        read(operation).filter((_, outcome) => outcomes === undefined || outcomes.includes(outcome));
      return { kind: 'trend', distribution: mergeTimes(measures, selection, wanted) };
    },
  };
}

/** Phases and queue wait are not kept by outcome. */
function latencyOfAll(read: (operation: OperationMeasures) => Histogram): BuiltinMetric {
  return {
    kind: 'trend',
    unit: 'ms',
    tags: [...OPERATION_TAGS, 'status'],
    ofRequests: 'all',
    values: (measures, selection) => ({
      kind: 'trend',
      distribution: mergeTimes(measures, selection, (operation) => [read(operation)]),
    }),
  };
}

function counter(
  unit: string,
  tags: readonly string[],
  count: (measures: Measures, selection: Selection) => number,
): BuiltinMetric {
  return {
    kind: 'counter',
    unit,
    tags,
    values: (measures, selection) => ({
      kind: 'counter',
      count: count(measures, selection),
      // Planned iterations, not the count: a counter of 0 is data unless no iteration was planned.
      samples: plannedIterations(measures, selection.scenario),
      durationMs: measures.activeMs((name) => contributes(measures.run, selection, name)),
    }),
  };
}

function ofRequests(metric: BuiltinMetric): BuiltinMetric {
  return { ...metric, ofRequests: 'all' };
}

/** Planned iterations of the selected scenarios. */
export function plannedIterations(measures: Measures, wanted: (scenario: string) => boolean): number {
  return measures.scenarios.reduce(
    (sum, { counts }, index) => sum + (wanted(measures.run.scenarios[index]!.name) ? counts.planned : 0),
    0,
  );
}

/** Whether a scenario has a selected operation, or no operations at all; only the active time of such scenarios counts for rates. */
export function contributes(
  { operations }: Pick<RecordedRun, 'operations'>,
  { scenario, operation }: Selection,
  name: string,
): boolean {
  const own = operations.filter((each) => each.scenario === name);
  return scenario(name) && (own.length === 0 || own.some((each) => operation(each)));
}

function scenarios(measures: Measures, { scenario }: Selection) {
  return measures.scenarios.filter((_, index) => scenario(measures.run.scenarios[index]!.name));
}

function requestsOf(operation: OperationMeasures, { outcomes }: Selection): number {
  return operation.outcomes.reduce(
    (sum, count, outcome) => sum + (outcomes === undefined || outcomes.includes(outcome) ? count : 0),
    0,
  );
}

function gauge(read: (scenario: Measures['scenarios'][number]) => number): BuiltinMetric {
  return {
    kind: 'gauge',
    unit: 'count',
    tags: ['scenario'],
    values: (measures, selection) => {
      const all = scenarios(measures, selection);
      return {
        kind: 'gauge',
        value: all.reduce((sum, scenario) => sum + read(scenario), 0),
        samples: measures.durationMs > 0 ? 1 : 0,
      };
    },
  };
}

/** When the load was last on, as k6's last sample: the users have left when the last interval is collected. */
function usersUnderLoad(measures: Measures, selection: Selection): MetricValues {
  const all = scenarios(measures, selection);
  const loaded = all.filter(({ lastLoadMs }) => !Number.isNaN(lastLoadMs));
  const lastMs = Math.max(...loaded.map(({ lastLoadMs }) => lastLoadMs));
  const value =
    loaded.length === 0
      ? all.reduce((sum, { users }) => sum + users, 0)
      : loaded.reduce((sum, { lastLoadMs, lastUsers }) => sum + (lastLoadMs === lastMs ? lastUsers : 0), 0);
  return { kind: 'gauge', value, samples: measures.durationMs > 0 ? 1 : 0 };
}

const phases = Object.fromEntries(
  PHASES.map((phase, index) => [
    `http_req_${phase === 'tlsHandshaking' ? 'tls_handshaking' : phase}`,
    latencyOfAll((operation) => operation.phases[index]!),
  ]),
);

/** Times of streams; no samples without a streamed response. */
function streamTime(time: StreamTime): BuiltinMetric {
  return {
    kind: 'trend',
    unit: 'ms',
    tags: OPERATION_TAGS,
    ofRequests: 'all',
    values: (measures, selection) => ({
      kind: 'trend',
      distribution: mergeTimes(measures, selection, ({ streams }) => [streams?.times[time]]),
    }),
  };
}

function streamCount(count: keyof StreamCounts): BuiltinMetric {
  return ofRequests(
    counter(
      'count',
      OPERATION_TAGS,
      (measures, selection) => mergeSelected(measures, selection).streams?.counts[count] ?? 0,
    ),
  );
}

/** Every built-in metric by name. `http_req_duration` is the service time, as in k6. */
export const BUILTIN_METRICS: Readonly<Record<string, BuiltinMetric>> = {
  http_reqs: ofRequests(
    counter('count', REQUEST_TAGS, (measures, selection) =>
      requestsOf(mergeSelected(measures, selection), selection),
    ),
  ),
  http_req_failed: {
    kind: 'rate',
    unit: 'share',
    tags: REQUEST_TAGS,
    ofRequests: 'all',
    values: (measures, selection) => {
      const operation = mergeSelected(measures, selection);
      const total = requestsOf(operation, selection);
      const failing = FAILING.filter((outcome) => selection.outcomes?.includes(outcome) ?? true);
      return { kind: 'rate', passes: requestsOf(operation, { ...selection, outcomes: failing }), total };
    },
  },
  http_req_retried: {
    kind: 'rate',
    unit: 'share',
    tags: OPERATION_TAGS,
    ofRequests: 'all',
    values: (measures, selection) => {
      const { requests, retries } = mergeSelected(measures, selection);
      // Retries include interrupted requests, which are not in `requests`: cap the rate at 1.
      return { kind: 'rate', passes: Math.min(retries, requests), total: requests };
    },
  },
  http_req_duration: latency(({ service }) => service),
  response_time: latency(({ response }) => response),
  service_time: latency(({ service }) => service),
  queue_wait: latencyOfAll((operation) => operation.queueWait),
  ...phases,
  ttft: streamTime('ttft'),
  ttft_sent: streamTime('ttftSent'),
  ttfo: streamTime('ttfo'),
  ttlt: streamTime('ttlt'),
  tpot: streamTime('tpot'),
  chunk_gap: streamTime('gap'),
  longest_gap: streamTime('longestGap'),
  stream_chunks: streamCount('parts'),
  output_tokens: streamCount('tokens'),
  goodput: {
    kind: 'rate',
    unit: 'share',
    tags: OPERATION_TAGS,
    values: (measures, selection) => {
      const { good, planned, late } = goodputOf(measures, (operation) => selection.operation(operation));
      return { kind: 'rate', passes: good, total: planned, late };
    },
  },
  good_streams: streamCount('good'),
  iterations: counter('count', ['scenario'], (measures, selection) =>
    scenarios(measures, selection).reduce((sum, { counts }) => sum + counts.completed, 0),
  ),
  dropped_iterations: counter('count', ['scenario'], (measures, selection) =>
    scenarios(measures, selection).reduce((sum, { counts }) => sum + counts.dropped, 0),
  ),
  iteration_duration: {
    kind: 'trend',
    unit: 'ms',
    tags: ['scenario'],
    values: (measures, selection) => {
      const distribution = new Histogram();
      for (const { iterationDuration } of scenarios(measures, selection)) distribution.add(iterationDuration);
      return { kind: 'trend', distribution };
    },
  },
  group_duration: {
    kind: 'trend',
    unit: 'ms',
    tags: ['scenario', 'group'],
    ofRequests: 'group',
    values: (measures, { scenario, group }) => {
      const distribution = new Histogram();
      measures.groups.forEach((groups, index) => {
        if (!scenario(measures.run.scenarios[index]!.name)) return;
        for (const [tags, durations] of groups) {
          if (group === undefined || tags['group'] === group) distribution.add(durations);
        }
      });
      return { kind: 'trend', distribution };
    },
  },
  pacer_lag: {
    kind: 'trend',
    unit: 'ms',
    tags: [],
    values: (measures) => ({ kind: 'trend', distribution: measures.pacerLag }),
  },
  checks: {
    kind: 'rate',
    unit: 'share',
    tags: ['scenario', 'check'],
    values: (measures, { scenario, check }) => {
      let passes = 0;
      let total = 0;
      measures.checks.forEach((checks, index) => {
        if (!scenario(measures.run.scenarios[index]!.name)) return;
        for (const [name, counts] of checks) {
          if (check !== undefined && check !== name) continue;
          passes += counts.passes;
          total += counts.passes + counts.fails;
        }
      });
      return { kind: 'rate', passes, total };
    },
  },
  data_sent: ofRequests(
    counter('bytes', OPERATION_TAGS, (measures, selection) => mergeSelected(measures, selection).bytesSent),
  ),
  data_received: ofRequests(
    counter(
      'bytes',
      OPERATION_TAGS,
      (measures, selection) => mergeSelected(measures, selection).bytesReceived,
    ),
  ),
  vus: { ...gauge(({ users }) => users), values: usersUnderLoad },
  vus_max: gauge(({ maxUsers }) => maxUsers),
  interrupted_requests: ofRequests(
    counter('count', OPERATION_TAGS, (measures, selection) => mergeSelected(measures, selection).interrupted),
  ),
};

/** The built-in metric of that name; `undefined` if there is none. */
export function builtinMetric(name: string): BuiltinMetric | undefined {
  return Object.hasOwn(BUILTIN_METRICS, name) ? BUILTIN_METRICS[name] : undefined;
}
