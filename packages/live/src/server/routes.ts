/*
 * The API under `/api`. Must hold:
 * - Host, token and origin are checked before a route is reached (`createApp`, `RequestGuard`).
 * - Bodies are checked by their schemas; what target and permission allow by `LiveControl`; names of runs and
 *   files by `LiveArchive` and `LiveReports`.
 * - A route that changes something calls `audit`; one that changes a run or the mock is refused where there is no control.
 * - Each path is described in `docs/reference/live-api.md` (a test compares them).
 */
import type { FastifyInstance, FastifyReply, FastifySchema } from 'fastify';
import { Type, type TSchema } from '@jarvis-load/engine/typebox';
import {
  ArchivedRunSchema,
  LiveStateSchema,
  MockChangeSchema,
  MockViewSchema,
  RateRequestSchema,
  SessionViewSchema,
  UsersRequestSchema,
  type MockChange,
} from '../api/session-schema.ts';
import { OfferSchema, StartRequestSchema, type StartRequest } from '../api/start-schema.ts';
import { HistorySchema, OperationCourseSchema, OperationRowSchema } from '../api/run-schema.ts';
import {
  LiveError,
  type LiveArchive,
  type LiveControl,
  type LiveMock,
  type LiveReports,
} from '../control/live-control.ts';
import type { LiveStore } from '../record/live-store.ts';
import type { EventStreams } from './event-streams.ts';

/** What the routes work on. */
export interface RouteParts {
  readonly store: LiveStore;
  readonly streams: EventStreams;
  readonly control: LiveControl | undefined;
  readonly archive: LiveArchive | undefined;
  /** Of the run that is on. */
  readonly reports: LiveReports | undefined;
  /** The mock that is the target now, if it is. */
  readonly mock: () => LiveMock | undefined;
  /** Called with the words of a change, `users 20`, once its route lets it pass, and before it is made: it may still be refused. */
  readonly audit: (text: string) => void;
}

const ErrorSchema = Type.Object({
  error: Type.String({ description: 'Stable code' }),
  message: Type.String(),
  next: Type.Union([Type.String(), Type.Null()], { description: 'What to do' }),
});

function describe(summary: string, ok: TSchema, body?: TSchema): FastifySchema {
  return {
    summary,
    ...(body === undefined ? {} : { body }),
    response: { 200: ok, '4xx': ErrorSchema },
  };
}

/** The API under `/api`. */
export function addRoutes(app: FastifyInstance, parts: RouteParts): void {
  const { store, streams } = parts;

  app.get('/state', { schema: describe('Everything the page shows', LiveStateSchema) }, () => store.state);
  app.get(
    '/stats/requests',
    { schema: describe('Numbers of the run so far, for scripts', StatsSchema) },
    () => {
      const { session, run, now } = store.state;
      return {
        state: session.state,
        runId: run?.runId ?? null,
        users: now?.users ?? 0,
        requests: now?.requests ?? 0,
        failed: now?.failed ?? 0,
        p50Ms: now?.p50Ms ?? null,
        p95Ms: now?.p95Ms ?? null,
        p99Ms: now?.p99Ms ?? null,
        operations: now?.operations ?? [],
        error: session.error?.message ?? null,
      };
    },
  );
  app.get(
    '/events',
    {
      schema: {
        summary:
          'Server-sent events: state, session, second, history, mark, log, end; resumes after Last-Event-ID',
        response: { '4xx': ErrorSchema },
      },
    },
    (request, reply) => streams.open(request, reply),
  );
  app.get<{ Querystring: { scenario: string; operation: string } }>(
    '/operation',
    {
      schema: {
        ...describe('The course of one operation, and its distribution', OperationCourseSchema),
        querystring: Type.Object({
          scenario: Type.String({ maxLength: 200 }),
          operation: Type.String({ maxLength: 200 }),
        }),
      },
    },
    ({ query: { scenario, operation } }) => {
      const course = store.course(scenario, operation);
      if (course === undefined)
        throw new LiveError(404, 'no-operation', 'No such operation', 'GET /api/stats/requests lists them');
      return course;
    },
  );
  addControlRoutes(app, parts);
  addReportRoute(app, parts);
  addArchiveRoutes(app, parts);
  addMockRoutes(app, parts);
}

const StatsSchema = Type.Object({
  state: Type.String(),
  runId: Type.Union([Type.String(), Type.Null()]),
  users: Type.Number(),
  requests: Type.Integer(),
  failed: Type.Integer(),
  p50Ms: Type.Union([Type.Number(), Type.Null()]),
  p95Ms: Type.Union([Type.Number(), Type.Null()]),
  p99Ms: Type.Union([Type.Number(), Type.Null()]),
  operations: Type.Array(OperationRowSchema),
  error: Type.Union([Type.String(), Type.Null()], { description: 'Why the last start failed' }),
});

function addControlRoutes(app: FastifyInstance, { store, control, audit }: RouteParts): void {
  const steering = (): LiveControl => {
    if (control !== undefined) return control;
    throw new LiveError(
      403,
      'view-only',
      'This page only watches',
      'Start it with jarvis-load ui, or with jarvis-load load --ui=control',
    );
  };
  app.get('/offer', { schema: describe('What a start may choose from', OfferSchema) }, () =>
    steering().offer(),
  );
  app.post<{ Body: StartRequest }>(
    '/run',
    { schema: describe('Starts a run', SessionViewSchema, StartRequestSchema) },
    async ({ body }) => {
      const steered = steering();
      if (!['idle', 'ended'].includes(store.session.state))
        throw new LiveError(409, 'busy', 'A run is on', 'Stop it first: DELETE /api/run');
      audit(`start on ${body.target}: ${JSON.stringify(body.load)}`);
      await steered.start(body);
      return store.session;
    },
  );
  app.delete('/run', { schema: describe('Stops the run; a second time: at once', SessionViewSchema) }, () => {
    const steered = steering();
    audit('stop');
    steered.stop();
    return store.session;
  });
  app.post<{ Body: { users: number; perSecond?: number } }>(
    '/run/users',
    { schema: describe('Sets the users of the run', SessionViewSchema, UsersRequestSchema) },
    ({ body }) => {
      const steered = steering();
      audit(`users ${body.users}`);
      steered.setUsers(body.users, body.perSecond);
      return store.session;
    },
  );
  app.post<{ Body: { rate: number } }>(
    '/run/rate',
    { schema: describe('Sets the iterations per second', SessionViewSchema, RateRequestSchema) },
    ({ body }) => {
      const steered = steering();
      audit(`rate ${body.rate}`);
      steered.setRate(body.rate);
      return store.session;
    },
  );
  for (const [path, summary] of [
    ['pause', 'Starts no iterations until it is resumed'],
    ['resume', 'Ends a pause'],
    ['reset', 'Removes an ended run from the page'],
  ] as const)
    app.post(`/run/${path}`, { schema: describe(summary, SessionViewSchema) }, () => {
      const steered = steering();
      audit(path);
      steered[path]();
      return store.session;
    });
}

function addReportRoute(app: FastifyInstance, { reports, store }: RouteParts): void {
  app.get<{ Params: { file: string } }>(
    '/run/reports/:file',
    {
      schema: {
        summary: 'A report of the run that is on, of what there is so far, as a download',
        response: { '4xx': ErrorSchema },
      },
    },
    async ({ params: { file } }, reply) => {
      const { session, run } = store.state;
      if (run === null || !['running', 'paused', 'stopping'].includes(session.state))
        throw new LiveError(409, 'not-running', 'No run is on', 'GET /api/runs has the files of ended runs');
      const content = await reports?.read(file);
      if (content === undefined)
        throw new LiveError(
          404,
          'no-such-file',
          'No such report',
          'GET /api/state lists them: session.reports',
        );
      return sendFile(reply, `${run.runId}-so-far-${file}`, content);
    },
  );
}

function sendFile(reply: FastifyReply, name: string, content: Uint8Array): FastifyReply {
  return reply
    .type('application/octet-stream')
    .header('content-disposition', `attachment; filename="${name}"`)
    .send(content);
}

function addArchiveRoutes(app: FastifyInstance, { archive, store, audit }: RouteParts): void {
  app.get(
    '/runs',
    { schema: describe('Runs in the results folder, newest first', Type.Array(ArchivedRunSchema)) },
    () => [...(archive?.list() ?? [])],
  );
  app.get<{ Params: { runId: string } }>(
    '/runs/:runId/history',
    { schema: describe('The course of an earlier run', HistorySchema) },
    ({ params: { runId } }) => {
      const history = archive?.history(runId);
      if (history === undefined)
        throw new LiveError(404, 'no-such-run', 'No such run', 'GET /api/runs lists them');
      return history;
    },
  );
  app.post<{ Params: { runId: string } }>(
    '/runs/:runId/show',
    { schema: describe('Shows an earlier run on the page, while no run is on', SessionViewSchema) },
    async ({ params: { runId } }) => {
      if (store.session.mode === 'view')
        throw new LiveError(403, 'view-only', 'This page shows the run of its command line');
      const requireNoRun = (): void => {
        if (!['idle', 'ended'].includes(store.session.state))
          throw new LiveError(409, 'busy', 'A run is on', 'Stop it first: DELETE /api/run');
      };
      requireNoRun();
      const shown = await archive?.show(runId);
      if (shown === undefined)
        throw new LiveError(404, 'no-such-run', 'No such run', 'GET /api/runs lists them');
      requireNoRun(); // One may have been started while the journal was read.
      audit(`show ${runId}`);
      store.show(shown);
      return store.session;
    },
  );
  app.get<{ Params: { runId: string; file: string } }>(
    '/runs/:runId/:file',
    {
      schema: {
        summary: 'A file of a run, as a download',
        response: { '4xx': ErrorSchema },
      },
    },
    ({ params: { runId, file } }, reply) => {
      const content = archive?.read(runId, file);
      if (content === undefined)
        throw new LiveError(404, 'no-such-file', 'No such run or file', 'GET /api/runs lists them');
      return sendFile(reply, `${runId}-${file}`, content);
    },
  );
}

function addMockRoutes(app: FastifyInstance, { store, mock, control, audit }: RouteParts): void {
  const target = (): LiveMock => {
    const found = mock();
    if (found !== undefined) return found;
    throw new LiveError(404, 'no-mock', 'The target is not the mock', 'Start a run on target mock');
  };
  app.get('/mock', { schema: describe('Settings of the mock', MockViewSchema) }, () => target().read());
  app.post<{ Body: MockChange }>(
    '/mock',
    { schema: describe('Changes the mock while the run goes on', MockViewSchema, MockChangeSchema) },
    async ({ body }) => {
      if (control === undefined) throw new LiveError(403, 'view-only', 'This page only watches');
      audit(`mock ${JSON.stringify(body)}`);
      const view = await target().change(body);
      const text = Object.entries(body)
        .map(([name, value]) => `${name} ${String(value)}`)
        .join(', ');
      store.mark({ atMs: store.state.now?.elapsedMs ?? 0, kind: 'mock', text: `mock: ${text}` });
      return view;
    },
  );
}
