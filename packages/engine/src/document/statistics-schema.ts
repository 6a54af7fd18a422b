/*
 * Part of `schema.ts`, the schema of the result document: statistics of requests. Older documents are read: a new member is
 * optional, or a step of `upgrade.ts` adds it. An outcome of `PLAIN_OUTCOMES` is required, one of `STREAM_OUTCOMES` optional.
 */

import { Type, type TSchema } from '@jarvis-load/engine/typebox';
import { PLAIN_OUTCOMES, STREAM_OUTCOMES, type PlainOutcome, type StreamOutcome } from '../outcome.ts';
import { PERCENTILES } from './document-format.ts';

export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const NumberOrNull = Nullable(Type.Number());
const Counts = Type.Record(Type.String(), Type.Integer({ minimum: 0 }));
export const StringMap = Type.Record(Type.String(), Type.String());
const Count = Type.Integer({ minimum: 0 });
const OptionalCount = Type.Optional(Count);

export const OutcomeCounts = Type.Object(
  {
    ...(Object.fromEntries(PLAIN_OUTCOMES.map((outcome) => [outcome, Count])) as Record<
      PlainOutcome,
      typeof Count
    >),
    ...(Object.fromEntries(STREAM_OUTCOMES.map((outcome) => [outcome, OptionalCount])) as Record<
      StreamOutcome,
      typeof OptionalCount
    >),
  },
  {
    description:
      'Completed requests by outcome; absent: none. Those of streams: see the reference of metrics',
  },
);

const PercentileKey = PERCENTILES.map((p) => `p${p}` as const);

export const PercentileValues = Type.Object(
  Object.fromEntries(PercentileKey.map((key) => [key, NumberOrNull])) as Record<
    `p${(typeof PERCENTILES)[number]}`,
    typeof NumberOrNull
  >,
  { description: 'Milliseconds; null where there is no sample' },
);

export const LatencyStats = Type.Object({
  count: Type.Integer({ minimum: 0 }),
  minMs: NumberOrNull,
  meanMs: NumberOrNull,
  maxMs: NumberOrNull,
  sumMs: Type.Number(),
  percentiles: PercentileValues,
  lowSamples: Type.Array(Type.String(), {
    description: 'Percentiles (keys of `percentiles`) with fewer than 10 samples beyond them',
  }),
  uncertain: Type.Optional(
    Type.Array(Type.String(), {
      description:
        'Percentiles that requests could have raised which the end of the run interrupted, or of streams their user left before the first content',
    }),
  ),
  histogram: Type.Optional(
    Type.String({ description: 'HdrHistogram V2, compressed, base64; microseconds, 3 significant digits' }),
  ),
});

const StreamExample = Type.Object({
  startMs: Type.Number({ description: 'Intended start, since the start of the run' }),
  sentMs: Type.Number({ description: 'First byte sent, after the intended start' }),
  ttltMs: Type.Number({ description: 'Last content, after the intended start' }),
  parts: Type.Integer({ minimum: 0, description: 'Parts with content' }),
  tokens: Type.Number({ minimum: 0 }),
  arrivalsMs: Type.Array(Type.Number(), {
    maxItems: 2000,
    description: 'Arrival of each of the first 2,000 parts with content, after the intended start',
  }),
  traceId: Type.Optional(Type.String({ description: 'W3C trace id of the request; absent: none' })),
});

export const StreamStats = Type.Object(
  {
    streams: Type.Integer({ minimum: 0, description: 'Ended or interrupted, whatever their outcome' }),
    events: Type.Integer({ minimum: 0, description: 'Events received, those without content included' }),
    parts: Type.Integer({ minimum: 0, description: 'Parts with content' }),
    leftWaiting: Type.Optional(
      Type.Integer({
        minimum: 0,
        description:
          'Without content when their user hung up or the run ended: their time to it is at least their age; absent: none, or not known',
      }),
    ),
    tokens: Type.Number({ minimum: 0, description: 'Output tokens' }),
    inputTokens: Nullable(Type.Number({ description: 'null: the server did not count them' })),
    tokensFrom: Type.Union([Type.Literal('usage'), Type.Literal('parts'), Type.Literal('both')], {
      description:
        'usage: the server counted the tokens; parts: estimated, each part is what `decode` says; both: some streams each',
    }),
    tokensPerSecond: Type.Number({ description: 'tokens over the duration of the load' }),
    ttft: LatencyStats,
    ttftSent: LatencyStats,
    ttfo: LatencyStats,
    ttlt: LatencyStats,
    tpot: LatencyStats,
    gap: LatencyStats,
    longestGap: LatencyStats,
    goodput: Type.Optional(
      Type.Object(
        {
          objectives: Type.Array(Type.String(), { description: 'What a good stream meets, as declared' }),
          good: Type.Integer({ minimum: 0 }),
          planned: Type.Number({
            minimum: 0,
            description:
              'Ended streams, those of dropped iterations, and those that had missed an objective when the end of the run interrupted them',
          }),
          share: Type.Number({ minimum: 0, maximum: 1, description: 'good / planned' }),
          low: Type.Number({ description: "Lower end of Wilson's 95 % interval of the share" }),
          high: Type.Number(),
          perSecond: Type.Number({ description: 'Good streams over the duration of the load' }),
        },
        { description: 'Streams that met their objectives; absent: none were declared' },
      ),
    ),
    examples: Type.Optional(
      Type.Object(
        {
          median: Type.Optional(StreamExample),
          slowest: Type.Optional(StreamExample),
        },
        {
          description:
            'One complete stream whose time to the last content is near the median, and the slowest one; absent: none was complete, or not known',
        },
      ),
    ),
  },
  {
    description:
      'Of streamed responses. ttft, ttfo (without reasoning), ttlt: intended start to first and last content; ttftSent: from the first byte sent; tpot: per further token; gap: between two contents. ttlt and tpot of complete responses, the others of all',
  },
);

const Phases = Type.Object(
  {
    blocked: LatencyStats,
    connecting: LatencyStats,
    tlsHandshaking: LatencyStats,
    sending: LatencyStats,
    waiting: LatencyStats,
    receiving: LatencyStats,
  },
  { description: "k6's http_req_* phases" },
);

export const OperationStats = Type.Object({
  scenario: Type.String(),
  operation: Type.String(),
  method: Type.String(),
  route: Type.String(),
  requests: Type.Integer({ minimum: 0, description: 'Completed requests, every outcome' }),
  failed: Type.Integer({ minimum: 0, description: 'requests minus outcomes ok and hung_up' }),
  interrupted: Type.Integer({
    minimum: 0,
    description: 'Interrupted by the end of the run; not in `requests`',
  }),
  interruptedAgeMs: Nullable(
    Type.Object(
      { min: Type.Number(), max: Type.Number() },
      { description: 'Time in flight of interrupted requests: a lower bound of their response time' },
    ),
  ),
  retries: Nullable(
    Type.Integer({
      minimum: 0,
      description:
        'Sent again because there was evidence that the server never read the request; not in `requests`',
    }),
  ),
  outcomes: OutcomeCounts,
  statuses: Counts,
  failureShare: NumberOrNull,
  rateLimitedShare: NumberOrNull,
  requestsPerSecond: Type.Number(),
  failuresPerSecond: Type.Number(),
  bytesSent: Nullable(Type.Integer()),
  bytesReceived: Nullable(Type.Integer({ description: 'Bodies, in bytes; null: not known' })),
  meanBodyBytes: NumberOrNull,
  responseTime: LatencyStats,
  responseTimeOk: LatencyStats,
  serviceTime: LatencyStats,
  queueWait: LatencyStats,
  phases: Phases,
  streams: Type.Optional(StreamStats),
});
