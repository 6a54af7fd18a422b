/*
 * Part of `schema.ts`, the schema of the result document: requests by tag. Older documents are read: a new member is optional, or
 * a step of `upgrade.ts` adds it.
 */

import { Type, type Static } from '@jarvis-load/engine/typebox';
import { LatencyStats, NumberOrNull } from './statistics-schema.ts';

/** Requests with one value of one tag: of themselves, of their operation, or of their group. */
export const TagStats = Type.Object({
  tag: Type.String({ description: 'Such as page, or group' }),
  value: Type.String({ description: '(other): further values, beyond 100 sets of tags of an operation' }),
  requests: Type.Integer({ minimum: 0, description: 'Completed requests, every outcome' }),
  failed: Type.Integer({ minimum: 0, description: 'requests minus outcomes ok and hung_up' }),
  failureShare: NumberOrNull,
  /** Requests sent again. Absent in documents of before; null: not known. */
  retries: Type.Optional(NumberOrNull),
  requestsPerSecond: Type.Number(),
  responseTime: LatencyStats,
  serviceTime: LatencyStats,
  /** Of the tag group: how long the work of the group took, with its think times; of work that did not throw. */
  groupDuration: Type.Optional(LatencyStats),
});

export type TagStats = Static<typeof TagStats>;
