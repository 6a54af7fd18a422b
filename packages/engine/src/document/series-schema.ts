/*
 * Part of `schema.ts`, the schema of the result document: values over time. Older documents are read: a new member is optional,
 * or a step of `upgrade.ts` adds it. The rows of `latencyRows` are those of `LATENCY_ROWS_PER_DECADE`. A time that is null: there
 * was no sample in the bin.
 */

import { Type } from '@jarvis-load/engine/typebox';
import { Nullable, NumberOrNull, OutcomeCounts, PercentileValues } from './statistics-schema.ts';

const SeriesStreams = Type.Object(
  {
    streams: Type.Integer({ minimum: 0 }),
    tokens: Type.Number({ minimum: 0 }),
    judged: Type.Integer({ minimum: 0, description: 'Ended streams of an operation with objectives' }),
    good: Type.Integer({ minimum: 0 }),
    ttftP50Ms: NumberOrNull,
    ttftP95Ms: NumberOrNull,
    ttltP50Ms: NumberOrNull,
    ttltP95Ms: NumberOrNull,
    gapP99Ms: NumberOrNull,
  },
  { description: 'Streams that ended in the bin; absent: none' },
);

const Quantiles = {
  p50Ms: NumberOrNull,
  p95Ms: NumberOrNull,
  p99Ms: NumberOrNull,
  p90Ms: Type.Optional(NumberOrNull),
  meanMs: Type.Optional(NumberOrNull),
  maxMs: Type.Optional(NumberOrNull),
};

const SeriesOperation = Type.Object({
  requests: Type.Integer({ minimum: 0 }),
  failed: Type.Integer({ minimum: 0 }),
  rateLimited: Type.Integer({ minimum: 0 }),
  ...Quantiles,
  ok: Type.Optional(
    Type.Object(Quantiles, {
      description:
        'Of answers with outcome ok, as objectives of latency judge them. Absent: all had it, or not known where some failed',
    }),
  ),
  streams: Type.Optional(SeriesStreams),
});

export const SeriesPoint = Type.Object({
  atMs: Type.Number({ description: 'Start of the bin since the start of the run' }),
  durationMs: Type.Number({ description: 'Length of the bin; the last one may be shorter' }),
  users: Nullable(Type.Integer({ description: 'Active at the end of the bin; null: not known' })),
  targetUsers: Nullable(Type.Integer()),
  inFlight: Nullable(Type.Integer()),
  iterations: Type.Integer({ description: 'Completed in the bin' }),
  dropped: Type.Integer(),
  requests: Type.Integer({ description: 'Completed in the bin' }),
  failed: Type.Integer(),
  outcomes: OutcomeCounts,
  bytesReceived: Nullable(Type.Integer()),
  waitShare: Nullable(
    Type.Number({
      description:
        'Time in which threads of the generator and of watched processes waited for a processor, as a share of the time in which they ran or waited; of a merged run, on the machine where it was greatest; null: not measured',
    }),
  ),
  responseTime: Type.Object({
    percentiles: PercentileValues,
    meanMs: Type.Optional(NumberOrNull),
    maxMs: NumberOrNull,
  }),
  latencyRows: Type.Optional(
    Type.Object(
      { first: Type.Integer({ minimum: 0 }), counts: Type.Array(Type.Integer({ minimum: 0 })) },
      {
        description:
          'How many response times lie in each row, from row `first` up. Row i reaches from 0.1 ms * 10^(i/8) to the edge of the next; row 0 also holds what is faster. Absent: not known',
      },
    ),
  ),
  cumulative: Type.Object(
    {
      requests: Type.Integer(),
      failed: Type.Integer(),
      medianMs: NumberOrNull,
      meanMs: NumberOrNull,
      minMs: NumberOrNull,
      maxMs: NumberOrNull,
      meanBodyBytes: NumberOrNull,
    },
    { description: 'From the start of the run to the end of the bin' },
  ),
  trends: Type.Optional(
    Type.Record(Type.String(), Type.Object({ count: Type.Integer({ minimum: 1 }), mean: Type.Number() }), {
      description: 'Custom trends by name, where there was a value in the bin; absent: not known',
    }),
  ),
  operations: Type.Record(Type.String(), SeriesOperation, { description: 'By operation name' }),
});

export const IntendedPoint = Type.Object({
  atMs: Type.Number(),
  count: Type.Integer(),
  p50Ms: NumberOrNull,
  p95Ms: NumberOrNull,
  p99Ms: NumberOrNull,
  maxMs: NumberOrNull,
});

export const Series = Type.Object(
  {
    binMs: Type.Number({
      description: 'Width of a bin: 1 s, then 2 s, 4 s ..., so that there are at most 300',
    }),
    points: Type.Array(SeriesPoint, { description: 'By completion' }),
    byIntendedStart: Type.Array(IntendedPoint, { description: 'Response time by intended start' }),
  },
  { description: 'At most 300 points' },
);
