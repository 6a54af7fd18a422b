/*
 * The schema of the result document: source of its types, of the check of documents that are read, and of `result.schema.json`.
 *
 * Must hold: documents written before stay readable, so a new member is optional, or a step of `upgrade.ts` adds it. Code of a
 * run imports types alone, as the library takes 0.16 s. After a change: `npm run docs -w apps/cli`.
 */

import { Type, type Static } from '@jarvis-load/engine/typebox';
import { RESULT_SCHEMA_VERSION } from './document-format.ts';
import { Blocks, OperationBlocks } from './blocks-schema.ts';
import { ClockAhead, Machine, MachineOfPart } from './machine-schema.ts';
import { IntendedPoint, Series, SeriesPoint } from './series-schema.ts';
import {
  LatencyStats,
  Nullable,
  NumberOrNull,
  OperationStats,
  PercentileValues,
  StreamStats,
  StringMap,
} from './statistics-schema.ts';
import { TagStats } from './tags-schema.ts';

const Iterations = Type.Object(
  {
    planned: Type.Integer({ minimum: 0 }),
    completed: Type.Integer({ minimum: 0, description: 'Ran to the end' }),
    failed: Type.Integer({ minimum: 0, description: 'Ended by an exception of the scenario code' }),
    dropped: Type.Integer({
      minimum: 0,
      description:
        'Planned but never started: all users up to maxVUs were busy, or the run or maxDuration ended first',
    }),
    interrupted: Nullable(
      Type.Integer({
        minimum: 0,
        description: 'Started, interrupted by the end of the run; null: not known',
      }),
    ),
  },
  { description: 'planned = completed + failed + dropped + interrupted, as far as that is known' },
);

const ScenarioResult = Type.Object({
  name: Type.String(),
  description: Type.Optional(Type.String()),
  executor: Type.Record(Type.String(), Type.Unknown(), {
    description: 'Resolved executor options; empty: not known',
  }),
  model: Nullable(Type.Union([Type.Literal('open'), Type.Literal('closed')])),
  iterations: Iterations,
  iterationDuration: LatencyStats,
  plannedDurationMs: NumberOrNull,
  activeMs: Nullable(
    Type.Number({
      description:
        'Time by which its counts are divided to give rates: from its start to the moment after which no iteration started; in a closed model also the drain, weighted by the share of users in it. null: not known, the duration of the run is used',
    }),
  ),
  maxUsers: Nullable(
    Type.Integer({ minimum: 0, description: 'Maximum number of users active at the same time' }),
  ),
  exceptions: Type.Integer({ minimum: 0 }),
  tags: StringMap,
});

const VerdictWord = Type.Union([Type.Literal('pass'), Type.Literal('fail'), Type.Literal('not-valid')]);

const SamplesNeeded = Nullable(
  Type.Integer({ minimum: 1, description: 'Minimum number of samples that can prove it; null: not known' }),
);

const MachineLimited = Type.Literal('machine-limited', {
  description: 'It failed, but waiting for a processor may have caused it',
});

const ThresholdResult = Type.Object({
  metric: Type.String({ description: 'With its selector, such as http_req_duration{operation:chat.send}' }),
  expression: Type.String({ description: 'As written, such as p(95)<500' }),
  scenario: Nullable(Type.String({ description: 'The scenario that declared it; null: the run' })),
  status: Type.Union([
    Type.Literal('pass'),
    Type.Literal('fail'),
    Type.Literal('unproven', { description: 'Too few samples to judge it' }),
    MachineLimited,
    Type.Literal('no-data'),
  ]),
  measured: NumberOrNull,
  limit: Type.Number(),
  unit: Type.String({ description: 'ms, share, count, per second, bytes or empty' }),
  samples: Type.Integer({ minimum: 0 }),
  samplesNeeded: SamplesNeeded,
  lowSamples: Type.Boolean(),
  aborted: Type.Boolean({
    description: 'It ended the run (abortOnFail); status and values are those of that moment',
  }),
  detail: Type.Optional(Type.String({ description: 'Such as the worst window' })),
});

const ObjectiveStatus = Type.Union([
  Type.Literal('pass'),
  Type.Literal('fail'),
  Type.Literal('unproven', { description: 'Too few samples to judge it' }),
  MachineLimited,
  Type.Literal('no-data'),
  Type.Literal('not-measurable'),
]);

const ObjectiveResult = Type.Object({
  operation: Type.String(),
  method: Type.String(),
  route: Type.String(),
  aspect: Type.Union([
    Type.Literal('p50'),
    Type.Literal('p95'),
    Type.Literal('p99'),
    Type.Literal('errorRate'),
    Type.Literal('requestsPerSecond'),
  ]),
  limit: Type.Number({ description: 'Milliseconds, share, or requests/s scaled to the users of this run' }),
  measured: NumberOrNull,
  margin: Nullable(
    Type.Number({ description: 'Share of the limit that is left; negative when failed, null when unproven' }),
  ),
  status: ObjectiveStatus,
  samples: Type.Integer({ minimum: 0 }),
  samplesNeeded: SamplesNeeded,
  lowSamples: Type.Boolean(),
  detail: Type.Optional(Type.String()),
});

const CheckResult = Type.Object({
  scenario: Type.String(),
  name: Type.String(),
  passes: Type.Integer({ minimum: 0 }),
  fails: Type.Integer({ minimum: 0 }),
});

const MetricResult = Type.Object({
  name: Type.String(),
  kind: Type.Union([
    Type.Literal('counter'),
    Type.Literal('gauge'),
    Type.Literal('rate'),
    Type.Literal('trend'),
  ]),
  unit: Type.String(),
  scenario: Nullable(Type.String({ description: 'null: the whole run' })),
  values: Type.Record(Type.String(), NumberOrNull, {
    description:
      "k6's names: counter {count, rate}; gauge {value, min, max}; rate {rate, passes, fails}; trend {count, avg, min, med, max, p(90), p(95), p(99)}",
  }),
  rejected: Type.Integer({ minimum: 0, description: 'Values that were negative or not finite' }),
});

const ErrorExample = Type.Object({
  atMs: Type.Number({ description: 'Since the start of the run' }),
  status: Nullable(Type.Integer({ description: '0: no response; null: not known' })),
  message: Type.String(),
  request: Type.String({ description: 'Method and path, secrets redacted' }),
  body: Type.String({ description: 'First 2000 characters of the response, as received: untrusted text' }),
  user: Nullable(Type.Integer({ description: 'null: not known' })),
  iteration: Nullable(Type.Integer()),
  traceId: Type.Optional(Type.String({ description: 'W3C trace id that the request carried; absent: none' })),
});

const TracedRequest = Type.Object({
  scenario: Type.String(),
  operation: Type.String(),
  method: Type.String(),
  route: Type.String(),
  traceId: Type.String({ description: '32 hexadecimal digits' }),
  atMs: Type.Number({ description: 'Intended start, since the start of the run' }),
  responseTimeMs: Type.Number(),
  status: Type.Integer({ description: '0: no response' }),
  outcome: Type.String(),
});

const Traces = Type.Object(
  {
    requests: Type.Integer({ minimum: 1, description: 'Completed requests that carried a traceparent' }),
    slowest: Type.Array(TracedRequest, {
      description: 'The slowest of them, at most 5 of each operation, slowest first',
    }),
  },
  { description: 'Requests with W3C trace context; absent: there was none' },
);

const ErrorGroup = Type.Object({
  scenario: Type.String(),
  operation: Type.String(),
  method: Type.String(),
  route: Type.String(),
  outcome: Type.String(),
  code: Type.String(),
  message: Type.String(),
  count: Type.Integer({ minimum: 1 }),
  firstSeen: Type.String({ description: 'ISO 8601, UTC' }),
  lastSeen: Type.String(),
  example: ErrorExample,
});

const ExceptionGroup = Type.Object({
  scenario: Type.String(),
  message: Type.String(),
  traceback: Type.String(),
  count: Type.Integer({ minimum: 1 }),
  firstSeen: Type.String(),
  lastSeen: Type.String(),
});

const Health = Type.Object({
  generatorLimited: Nullable(Type.Boolean({ description: 'null: the generator was not measured' })),
  reasons: Type.Array(Type.String(), { description: 'Sentences: why the generator was the limit' }),
  eventLoopUtilization: NumberOrNull,
  eventLoopDelayMs: Type.Object({ p50: NumberOrNull, p99: NumberOrNull, max: NumberOrNull }),
  pacerLag: LatencyStats,
  queueWait: LatencyStats,
  achievedOfOffered: Nullable(
    Type.Number({ description: 'Started / planned arrivals; null in closed models' }),
  ),
  cpuSeconds: NumberOrNull,
  cpuMicrosPerRequest: NumberOrNull,
  machineCpuShare: Nullable(
    Type.Number({ description: 'Busy share of all processors during the run, 0 to 1' }),
  ),
  machine: Nullable(Machine),
  machines: Type.Optional(
    Type.Array(MachineOfPart, { description: 'Of a merged run, by part; machine is null then' }),
  ),
  maxRssBytes: NumberOrNull,
  gcSeconds: NumberOrNull,
  connectionsOpened: Nullable(Type.Integer({ minimum: 0 })),
  warmUpRequests: Nullable(Type.Integer({ minimum: 0 })),
  threads: Type.Array(
    Type.Object({
      thread: Type.Integer({ minimum: 0 }),
      eventLoopUtilization: NumberOrNull,
      eventLoopDelayMaxMs: NumberOrNull,
      cpuSeconds: Nullable(Type.Number({ description: 'null: not available on this system' })),
    }),
  ),
});

const Note = Type.Object({
  level: Type.Union([Type.Literal('info'), Type.Literal('warning')]),
  code: Type.String({ description: 'Stable, such as rate-limit-advice, not-offered, closed-model' }),
  text: Type.String(),
});

const SteeringChange = Type.Object({
  atMs: Type.Number({ minimum: 0, description: 'When it took effect, since the start of the run' }),
  scenario: Type.String(),
  users: Type.Optional(Type.Integer({ minimum: 0, description: 'The number of users set' })),
  perSecond: Type.Optional(
    Type.Number({ description: 'Users per second by which it was approached; absent: at once' }),
  ),
  rate: Type.Optional(
    Type.Number({ minimum: 0, description: 'The rate set, iterations per timeUnitMs of the executor' }),
  ),
});

/** The result document of a run; every view is derived from it. */
export const RunResultSchema = Type.Object(
  {
    schemaVersion: Type.Literal(RESULT_SCHEMA_VERSION),
    kind: Type.Literal('jarvis-load.result'),
    generator: Type.Object({
      name: Type.String(),
      version: Type.String(),
      engine: Type.Union([Type.Literal('native'), Type.Literal('k6')]),
    }),
    run: Type.Object({
      id: Type.String(),
      startedAt: Type.String({ description: 'ISO 8601, UTC: the moment the clock of the run started' }),
      endedAt: Type.String(),
      durationMs: Type.Number({
        description: 'From the start of the clock to the end of the last iteration',
      }),
      plannedDurationMs: NumberOrNull,
      pausedMs: Nullable(Type.Number({ minimum: 0, description: 'Total time paused; null: not known' })),
      seed: Nullable(Type.Integer({ description: 'null: not known' })),
      tags: StringMap,
      end: Type.Object({
        kind: Type.Union([
          Type.Literal('completed'),
          Type.Literal('stopped'),
          Type.Literal('aborted'),
          Type.Literal('threshold'),
          Type.Literal('circuit-breaker'),
          Type.Literal('setup-failed'),
          Type.Literal('error'),
          Type.Literal('interrupted', {
            description:
              'Its process ended before the run did; the document has everything up to its last snapshot',
          }),
        ]),
        reason: Type.Optional(Type.String()),
      }),
    }),
    target: Type.Object({
      name: Type.String(),
      url: Type.String({ description: 'Without credentials' }),
      protocol: Type.Optional(
        Type.Union([Type.Literal('HTTP/1.1'), Type.Literal('HTTP/2')], {
          description: 'Protocol of its connections',
        }),
      ),
      dialect: Type.Optional(Type.String()),
      detail: Type.Optional(Type.String()),
      clockAheadMs: Type.Optional(ClockAhead),
    }),
    config: Type.Record(Type.String(), Type.Unknown(), {
      description: 'Configuration given by the caller: profile, command, time scale, ...; secrets removed',
    }),
    environment: Nullable(
      Type.Object(
        {
          node: Type.String(),
          platform: Type.String(),
          cpu: Type.String(),
          cpus: Type.Integer(),
          memoryBytes: Type.Number(),
        },
        { description: 'The machine that generated the load; null: not known' },
      ),
    ),
    verdict: Type.Object({
      status: VerdictWord,
      reasons: Type.Array(Type.Object({ code: Type.String(), text: Type.String() }), {
        description: 'Sentences: why the run did not pass, or what limits a pass',
      }),
    }),
    iterations: Iterations,
    totals: OperationStats,
    scenarios: Type.Array(ScenarioResult),
    operations: Type.Array(OperationStats, {
      description: 'Per scenario and operation with at least one request',
    }),
    tags: Type.Optional(
      Type.Array(TagStats, {
        description: 'Requests by tag and value, over all scenarios; absent: no request had a tag',
      }),
    ),
    thresholds: Type.Array(ThresholdResult),
    objectives: Type.Array(ObjectiveResult),
    checks: Type.Array(CheckResult),
    metrics: Type.Array(MetricResult),
    errors: Type.Array(ErrorGroup, { description: 'Most frequent first' }),
    errorsNotKept: Type.Integer({
      minimum: 0,
      description: 'Failed requests beyond the bounded number of groups',
    }),
    exceptions: Type.Array(ExceptionGroup),
    traces: Type.Optional(Traces),
    series: Series,
    blocks: Type.Optional(Blocks),
    health: Health,
    notes: Type.Array(Note),
    steering: Type.Optional(
      Type.Array(SteeringChange, {
        description: 'Changes of users and rates by the caller, in order; absent: none',
      }),
    ),
    extensions: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: "Such as k6's own values" }),
    ),
  },
  {
    $id: 'jarvis-load.result',
    title: 'jarvis-load result document',
    description: 'All measurements of one run',
  },
);

export type RunResult = Static<typeof RunResultSchema>;
export type OperationStats = Static<typeof OperationStats>;
export type StreamStats = Static<typeof StreamStats>;
export type LatencyStats = Static<typeof LatencyStats>;
export type PercentileValues = Static<typeof PercentileValues>;
export type { TagStats } from './tags-schema.ts';
export type ScenarioResult = Static<typeof ScenarioResult>;
export type ThresholdResult = Static<typeof ThresholdResult>;
export type ObjectiveResult = Static<typeof ObjectiveResult>;
export type CheckResult = Static<typeof CheckResult>;
export type MetricResult = Static<typeof MetricResult>;
export type ErrorGroup = Static<typeof ErrorGroup>;
export type ExceptionGroup = Static<typeof ExceptionGroup>;
export type Traces = Static<typeof Traces>;
export type Blocks = Static<typeof Blocks>;
export type OperationBlocks = Static<typeof OperationBlocks>;
export type SeriesPoint = Static<typeof SeriesPoint>;
export type IntendedPoint = Static<typeof IntendedPoint>;
export type Iterations = Static<typeof Iterations>;
export type GeneratorHealth = Static<typeof Health>;
export type MachineHealth = Static<typeof Machine>;
export type PartMachine = Static<typeof MachineOfPart>;
export type ResultNote = Static<typeof Note>;
export type Verdict = RunResult['verdict'];
