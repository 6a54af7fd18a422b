import { Type, type Static, type TSchema } from '@jarvis-load/engine/typebox';

/*
 * What the page, scripts and the screen of the terminal get of a run. Must hold: `LiveOutput` fills these fields from
 * snapshots, `now-of-result.ts` from a document, and `course-of-result.ts` the course of a document, whose `outcomes` hold only
 * `ok`: count failures by `failedOf`. A field that is added here is set in each, and a test holds answers of the API to these
 * schemas.
 */

export const Nullable = <T extends TSchema>(schema: T, description?: string) =>
  Type.Union([schema, Type.Null()], description === undefined ? {} : { description });

const Count = Type.Integer({ minimum: 0 });
const NumberOrNull = Nullable(Type.Number());
const Outcomes = Type.Record(Type.String(), Count, { description: 'Requests by outcome' });
const Quantiles = { p50Ms: NumberOrNull, p95Ms: NumberOrNull, p99Ms: NumberOrNull };

/** One second of a run; wider when the run is long. */
export const PointSchema = Type.Object({
  atMs: Type.Number({ description: 'Its start, since the start of the run' }),
  durationMs: Type.Number(),
  users: Type.Number(),
  targetUsers: Type.Number(),
  inFlight: Type.Number({ description: 'Iterations' }),
  iterations: Count,
  dropped: Count,
  requests: Count,
  outcomes: Outcomes,
  ...Quantiles,
  stage: Nullable(Type.String(), 'Stage of the plan; null: none, or not known'),
});

/** The course of a run. */
export const HistorySchema = Type.Object({ binMs: Type.Number(), points: Type.Array(PointSchema) });

/** A bucket of a distribution of response times. */
const LatencyBucketSchema = Type.Object({ fromMs: Type.Number(), toMs: Type.Number(), count: Count });

/** Streams of an operation that ended in a stretch of time; the quantiles are of the first token. */
const StreamPointSchema = Type.Object({
  atMs: Type.Number(),
  durationMs: Type.Number(),
  streams: Count,
  tokens: Type.Number(),
  judged: Count,
  good: Count,
  ...Quantiles,
});

/** The course of one operation. */
export const OperationCourseSchema = Type.Object({
  binMs: Type.Number(),
  points: Type.Array(
    Type.Object({
      atMs: Type.Number(),
      durationMs: Type.Number(),
      requests: Count,
      outcomes: Outcomes,
      ...Quantiles,
    }),
    { description: 'Only stretches of time with a request' },
  ),
  distribution: Type.Array(LatencyBucketSchema, { description: 'Equally wide on a logarithmic axis' }),
  streams: Nullable(Type.Array(StreamPointSchema), 'Of streamed responses; null: there are none'),
});

/** Measurements of one operation of one scenario. */
export const OperationRowSchema = Type.Object({
  scenario: Type.String(),
  operation: Type.String(),
  requests: Count,
  requestsPerSecond: Nullable(Type.Number(), 'Over the run, pauses left out; null while the run is on'),
  retries: Nullable(Count, 'Sent again, as the server had not read them; null: not known'),
  outcomes: Outcomes,
  ...Quantiles,
  minMs: NumberOrNull,
  maxMs: NumberOrNull,
  meanMs: NumberOrNull,
  last: Nullable(
    Type.Object({ requests: Count, failed: Count, durationMs: Type.Number(), ...Quantiles }),
    'The last second; null: no request in it',
  ),
});

/** Streamed responses of one operation of one scenario. Times are milliseconds; ttft and ttlt from the intended start. */
export const StreamRowSchema = Type.Object({
  scenario: Type.String(),
  operation: Type.String(),
  streams: Count,
  tokens: Type.Number(),
  judged: Type.Integer({ minimum: 0, description: 'Ended streams of an operation with objectives' }),
  good: Count,
  ttft: Type.Object(Quantiles),
  ttlt: Type.Object(Quantiles),
  gap: Type.Object(Quantiles),
  longestGap: Type.Object(Quantiles),
  last: Nullable(
    Type.Object({
      streams: Count,
      tokens: Type.Number(),
      judged: Count,
      good: Count,
      durationMs: Type.Number(),
      ...Quantiles,
    }),
    'The last second, with quantiles of the first token; null: no stream ended in it',
  ),
});

/** A threshold or an objective as it stands. */
export const PromiseSchema = Type.Object({
  kind: Type.Enum(['threshold', 'objective']),
  label: Type.String({ description: 'Metric and expression, or the aspect of an objective' }),
  scenario: Nullable(Type.String()),
  operation: Nullable(Type.String()),
  aspect: Nullable(Type.String(), 'Of an objective: p50, p95, p99, errorRate or requestsPerSecond'),
  status: Type.String({ description: 'pass, fail, unproven, machine-limited, no-data or not-measurable' }),
  limit: Type.Number(),
  measured: NumberOrNull,
  unit: Type.String(),
  margin: Nullable(Type.Number(), 'Share of the limit that is left; negative: failed'),
  samples: Count,
  detail: Nullable(Type.String()),
});

/** Failed requests with the same operation, outcome, code and message. */
export const FailureSchema = Type.Object({
  scenario: Type.String(),
  operation: Type.String(),
  outcome: Type.String(),
  code: Type.String(),
  message: Type.String({ description: 'Text of the target: hostile' }),
  count: Count,
  firstMs: Type.Number(),
  lastMs: Type.Number(),
  example: Type.Object({
    status: NumberOrNull,
    request: Type.String(),
    body: Type.String({ description: 'Text of the target: hostile' }),
    traceId: Type.Optional(Type.String()),
  }),
});

/** What a scenario did, beside its share of the plan. */
export const ScenarioRowSchema = Type.Object({
  scenario: Type.String(),
  users: Type.Number(),
  targetUsers: Type.Number(),
  iterations: Count,
  plannedRequests: Nullable(
    Type.Record(Type.String(), Type.Number()),
    'Requests of one iteration by operation, as the scenario declares them',
  ),
});

/** Health of the generator. */
export const GeneratorSchema = Type.Object({
  eventLoopUtilization: NumberOrNull,
  pacerLagP99Ms: NumberOrNull,
  waitShare: Nullable(Type.Number(), 'Share of its wanted processor time that the generator waited'),
  rssBytes: NumberOrNull,
  machineCpuShare: NumberOrNull,
  cpuSeconds: NumberOrNull,
  threads: Count,
  reasons: Type.Array(Type.String(), { description: 'Why the generator limits the run, in words' }),
});

/** Everything that is replaced each second: the run so far. */
export const NowSchema = Type.Object({
  elapsedMs: Type.Number(),
  plannedMs: Nullable(Type.Number(), 'null: until it is stopped'),
  stage: Nullable(Type.Object({ index: Count, count: Count, label: Type.String(), leftMs: Type.Number() })),
  paused: Type.Boolean(),
  users: Type.Number(),
  targetUsers: Type.Number(),
  inFlight: Type.Number({ description: 'Iterations' }),
  requests: Count,
  requestsPerSecond: Nullable(Type.Number(), 'Over the run, pauses left out; null while the run is on'),
  failed: Count,
  iterations: Count,
  dropped: Count,
  outcomes: Outcomes,
  ...Quantiles,
  operations: Type.Array(OperationRowSchema),
  streams: Type.Array(StreamRowSchema, { description: 'Only operations with streamed responses' }),
  promises: Nullable(Type.Array(PromiseSchema), 'null: judged at the end of the run'),
  missed: Type.Array(Type.String(), { description: 'Promises that fail, by operation, in words' }),
  failures: Nullable(Type.Array(FailureSchema), 'null: known at the end of the run'),
  failuresNotListed: Type.Integer({
    minimum: 0,
    description: 'Failed requests beside `failures`: there are too many kinds to list',
  }),
  exceptions: Type.Array(
    Type.Object({ scenario: Nullable(Type.String()), message: Type.String(), count: Count }),
  ),
  exceptionsNotListed: Type.Integer({ minimum: 0, description: 'Exceptions beside `exceptions`, likewise' }),
  scenarios: Nullable(Type.Array(ScenarioRowSchema)),
  generator: GeneratorSchema,
});

/** What is known of a run before its load. */
export const RunHeadSchema = Type.Object({
  runId: Type.String(),
  target: Type.Object({ name: Type.String(), url: Type.String() }),
  startedAt: Type.String({ description: 'ISO 8601, UTC' }),
  seed: Nullable(Type.Integer()),
  load: Type.String({ description: 'The load in words' }),
  scenarios: Type.Array(Type.String()),
});

/** An event that a chart marks. */
export const MarkSchema = Type.Object({
  atMs: Type.Number(),
  kind: Type.Enum(['load', 'pause', 'mock', 'threshold', 'generator']),
  text: Type.String(),
});

export const LogLineSchema = Type.Object({
  at: Type.String({ description: 'ISO 8601, UTC' }),
  level: Type.Enum(['info', 'warning', 'error']),
  text: Type.String(),
});

export const VerdictSchema = Type.Object({
  status: Type.Enum(['pass', 'fail', 'not-valid']),
  headline: Type.String({ description: 'The verdict in one sentence, as in the report' }),
  reasons: Type.Array(Type.String(), { description: 'As in the report: missed promises by operation' }),
});

export type Point = Static<typeof PointSchema>;
export type History = Static<typeof HistorySchema>;
export type OperationCourse = Static<typeof OperationCourseSchema>;
export type LatencyBucket = Static<typeof LatencyBucketSchema>;
export type OperationRow = Static<typeof OperationRowSchema>;
export type StreamPoint = Static<typeof StreamPointSchema>;
export type StreamRow = Static<typeof StreamRowSchema>;
export type PromiseRow = Static<typeof PromiseSchema>;
export type Failure = Static<typeof FailureSchema>;
export type ScenarioRow = Static<typeof ScenarioRowSchema>;
export type Generator = Static<typeof GeneratorSchema>;
export type Now = Static<typeof NowSchema>;
export type RunHead = Static<typeof RunHeadSchema>;
export type Mark = Static<typeof MarkSchema>;
export type LogLine = Static<typeof LogLineSchema>;
export type VerdictView = Static<typeof VerdictSchema>;
