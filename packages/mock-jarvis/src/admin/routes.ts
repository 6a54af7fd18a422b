/**
 * `/__mock`: settings, counters, faults and freezes of a running mock.
 *
 * Must hold:
 * - `create-mock.ts` registers these routes before the dialect and as a plugin of their own, and each has `options`: admin
 *   requests are not tracked, limited, delayed or frozen, and `refuseAdmin` guards them all.
 * - A route that changes something is no GET (`request-origin.ts`).
 * - `/config` answers with secrets (`auth`): these routes never get CORS headers (`cors.ts`).
 */
import type { FastifyInstance } from 'fastify';
import { readValue } from '../config/read-value.ts';
import type { MockSettings } from '../config/resolve.ts';
import { FAULT_KINDS, MockConfigSchema } from '../config/schema.ts';
import type { FaultKind } from '../config/schema.ts';
import type { SchemaNode } from '../config/schema-node.ts';
import { MockError } from '../mock-error.ts';
import { MOCK_OPERATIONS } from '../operations.ts';
import type { MockOperation } from '../operations.ts';
import type { Runtime } from '../server/runtime.ts';
import { refuseAdmin } from './request-origin.ts';

const DURATION: SchemaNode = { type: 'number', minimum: 0 };

const asObject = (body: unknown): Record<string, unknown> => {
  if (typeof body === 'object' && body !== null && !Array.isArray(body))
    return body as Record<string, unknown>;
  throw new MockError('invalid_setting', 'Expected a JSON object as the body.');
};

function readFault(body: Record<string, unknown>): {
  kind: FaultKind;
  probability: number;
  operations: readonly MockOperation[] | null;
  durationMs: number;
} {
  const read = (key: string, fallback: unknown, node: SchemaNode): unknown =>
    body[key] === undefined ? fallback : readValue(key, body[key], node);
  return {
    kind: readValue('kind', body['kind'], { enum: FAULT_KINDS }) as FaultKind,
    probability: read('probability', 1, { type: 'number', minimum: 0, maximum: 1 }) as number,
    operations: read('operations', null, {
      type: 'array',
      items: { enum: MOCK_OPERATIONS },
    }) as readonly MockOperation[] | null,
    durationMs: readValue('durationMs', body['durationMs'], DURATION) as number,
  };
}

/** Registers the routes, their guard and the form of their errors. */
export function addAdminRoutes(
  app: FastifyInstance,
  { runtime }: { readonly runtime: Runtime },
  registered: () => void,
): void {
  const config = { isUntracked: true };
  const schema = { hide: true };
  const options = { config, schema };

  app.addHook('onRequest', (request, reply, done) => {
    const refusal = refuseAdmin(request);
    if (refusal === undefined) return done();
    reply.code(refusal.code === 'ADMIN_JSON_ONLY' ? 415 : 403).send({ error: 'Refused', ...refusal });
  });
  app.setErrorHandler((error: { statusCode?: number; code?: string; message: string }, _request, reply) => {
    const isSetting = error instanceof MockError;
    const status = isSetting ? 400 : (error.statusCode ?? 500);
    reply.code(status).send({ error: 'Refused', message: error.message, code: error.code ?? 'ADMIN_ERROR' });
  });

  app.get('/config', options, (_request, reply) => {
    reply.send(runtime.config);
  });
  app.get('/schema', options, (_request, reply) => {
    reply.send(MockConfigSchema);
  });
  app.put('/config', options, (request, reply) => {
    const { settings, ...changes } = asObject(request.body) as MockSettings & { settings?: unknown };
    if (
      settings !== undefined &&
      !(Array.isArray(settings) && settings.every((one) => typeof one === 'string'))
    ) {
      throw new MockError('invalid_setting', 'settings: expected a list of strings such as "capacity=8".');
    }
    reply.send(runtime.configure({ config: changes, settings: settings ?? [] }));
  });
  app.get('/counters', options, (_request, reply) => {
    // Reply one event-loop turn later: an exchange is counted when its response closes, which may come after the client
    // has read it.
    setImmediate(() => {
      reply.send(runtime.counters.snapshot());
    });
  });
  app.post('/reset', options, (_request, reply) => {
    runtime.reset();
    reply.send({ reset: true });
  });
  app.post('/faults', options, (request, reply) => {
    const fault = readFault(asObject(request.body));
    runtime.faults.inject(fault, runtime.elapsedMs());
    reply.send({ injected: fault });
  });
  app.delete('/faults', options, (_request, reply) => {
    runtime.faults.clear();
    reply.send({ cleared: true });
  });
  app.post('/freeze', options, (request, reply) => {
    const { durationMs } = asObject(request.body);
    const frozenMs = readValue('durationMs', durationMs, DURATION) as number;
    runtime.gate.freezeFor(frozenMs);
    reply.send({ frozenMs });
  });
  registered();
}
