/*
 * Part of `schema.ts`, the schema of the result document: blocks of time. Older documents are read: a new member is optional, or
 * a step of `upgrade.ts` adds it.
 */

import { Type } from '@jarvis-load/engine/typebox';
import { Nullable } from './statistics-schema.ts';

export const OperationBlocks = Type.Object({
  scenario: Type.String(),
  operation: Type.String(),
  outcomes: Type.Record(Type.String(), Type.Array(Type.Integer({ minimum: 0 })), {
    description: 'Completed requests by outcome and block; an outcome that never occurred is absent',
  }),
  bucketWidth: Type.Number({
    description: 'Widest bucket of the histograms, as a share of its values; values lie in the middle of it',
  }),
  histograms: Type.Array(Nullable(Type.String()), {
    description:
      'Response times of outcome ok by block: HdrHistogram V2, compressed, base64, microseconds; null: none. They add up to responseTimeOk',
  }),
});

export const Blocks = Type.Object(
  {
    blockMs: Type.Number({
      description: 'Width of a block: 1 s, then 2 s, 4 s ..., so that there are at most 60',
    }),
    durationsMs: Type.Array(Type.Number(), {
      description: 'Length of each block; the last one may be shorter',
    }),
    operations: Type.Array(OperationBlocks),
  },
  {
    description:
      'The run in blocks of time by completion, which a comparison of runs resamples; absent: not known (older documents)',
  },
);
