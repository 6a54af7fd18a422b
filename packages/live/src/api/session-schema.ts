import { Type, type Static } from '@jarvis-load/engine/typebox';
import {
  LogLineSchema,
  MarkSchema,
  NowSchema,
  Nullable,
  HistorySchema,
  RunHeadSchema,
  VerdictSchema,
} from './run-schema.ts';

/**
 * What the session does.
 *
 * | state     | leaves to                                                              |
 * | --------- | ---------------------------------------------------------------------- |
 * | idle      | preparing, ended (an earlier run is shown)                             |
 * | preparing | running, stopping, ended                                               |
 * | running   | paused, stopping, ended                                                |
 * | paused    | running, stopping, ended                                               |
 * | stopping  | ended                                                                  |
 * | ended     | preparing (start again), idle (reset), ended (an earlier run is shown) |
 *
 * `ended` is set once the reports are written, or the run has failed; verdict and final numbers come before it.
 */
const SessionStateSchema = Type.Enum(['idle', 'preparing', 'running', 'paused', 'stopping', 'ended']);

/** What steers the run that is on. */
const SteeredSchema = Type.Object({
  by: Type.Enum(['users', 'rate']),
  value: Nullable(Type.Number(), 'As it was set last; null: it still follows the plan'),
  max: Type.Number({ description: 'What the target allows' }),
});

export const SessionViewSchema = Type.Object({
  state: SessionStateSchema,
  phase: Nullable(Type.String(), 'Phase of the run, such as warm-up or drain'),
  mode: Type.Enum(['control', 'view', 'archive'], {
    description: 'control: may start and change runs; view: watches; archive: shows a run of results/',
  }),
  steered: Nullable(SteeredSchema, 'null: the load of this run cannot be changed'),
  mock: Type.Boolean({ description: 'The target is the mock, and it can be changed' }),
  error: Nullable(
    Type.Object({ message: Type.String(), next: Nullable(Type.String()) }),
    'Why the last start failed',
  ),
  reports: Type.Array(Type.String(), {
    description: 'For downloads: files of the ended run, or what can be made of the run that is on',
  }),
});

/** Everything that a page needs to show the present moment. */
export const LiveStateSchema = Type.Object({
  session: SessionViewSchema,
  run: Nullable(RunHeadSchema),
  now: Nullable(NowSchema),
  history: HistorySchema,
  marks: Type.Array(MarkSchema),
  log: Type.Array(LogLineSchema),
  verdict: Nullable(VerdictSchema),
});

export const UsersRequestSchema = Type.Object(
  {
    users: Type.Integer({ minimum: 0 }),
    perSecond: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  },
  { additionalProperties: false },
);
export const RateRequestSchema = Type.Object(
  { rate: Type.Number({ minimum: 0 }) },
  { additionalProperties: false },
);

/** A run in the results folder. */
export const ArchivedRunSchema = Type.Object({
  runId: Type.String(),
  startedAt: Type.String(),
  target: Type.String(),
  verdict: Type.String({
    description: 'pass, fail, not-valid; cut-off: the process was killed, and there is no report yet',
  }),
  requests: Nullable(Type.Integer(), 'null: not known before the run is shown'),
  p95Ms: Nullable(Type.Number()),
  files: Type.Array(Type.String()),
});

/** Settings of the mock that the page changes. */
export const MockViewSchema = Type.Object({
  preset: Type.String(),
  turnP50Ms: Nullable(Type.Number(), 'Median latency of a chat turn; null: of another form'),
  turnP95Ms: Nullable(Type.Number()),
  capacity: Nullable(Type.Integer(), 'Servers of all operations; null: no limit'),
  rateLimits: Type.Boolean(),
  errorShare: Type.Number({ description: 'Share of requests answered with a server error' }),
});

export const MockChangeSchema = Type.Object(
  {
    preset: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    turnP95Ms: Type.Optional(Type.Number({ minimum: 1, maximum: 600_000 })),
    capacity: Type.Optional(Nullable(Type.Integer({ minimum: 1, maximum: 100_000 }))),
    rateLimits: Type.Optional(Type.Boolean()),
    errorShare: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
    freezeMs: Type.Optional(Type.Number({ minimum: 1, maximum: 600_000 })),
  },
  { additionalProperties: false },
);

export type SessionView = Static<typeof SessionViewSchema>;
export type LiveState = Static<typeof LiveStateSchema>;
export type ArchivedRun = Static<typeof ArchivedRunSchema>;
export type MockView = Static<typeof MockViewSchema>;
export type MockChange = Static<typeof MockChangeSchema>;
