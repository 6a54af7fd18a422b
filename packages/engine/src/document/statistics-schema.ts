import { Type, type TSchema } from 'typebox';
import { OUTCOMES } from '../outcome.ts';
import { PERCENTILES } from './document-format.ts';

export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const NumberOrNull = Nullable(Type.Number());
const Counts = Type.Record(Type.String(), Type.Integer({ minimum: 0 }));
export const StringMap = Type.Record(Type.String(), Type.String());
export const OutcomeCounts = Type.Object(
  Object.fromEntries(OUTCOMES.map((outcome) => [outcome, Type.Integer({ minimum: 0 })])) as Record<
    (typeof OUTCOMES)[number],
    ReturnType<typeof Type.Integer>
  >,
  { description: 'Completed requests by outcome' },
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
      description: 'Percentiles that requests interrupted by the end of the run could have raised',
    }),
  ),
  histogram: Type.Optional(
    Type.String({ description: 'HdrHistogram V2, compressed, base64; microseconds, 3 significant digits' }),
  ),
});

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
  failed: Type.Integer({ minimum: 0, description: 'requests minus outcome ok' }),
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
});
