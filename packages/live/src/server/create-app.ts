import swagger from '@fastify/swagger';
import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { Type } from '@jarvis-load/engine/typebox';
import { LiveError } from '../control/live-control.ts';
import { ASSET_TYPES, readAsset } from './assets.ts';
import { SECURITY_HEADERS } from './headers.ts';
import type { RequestGuard } from './request-guard.ts';
import { addRoutes, type RouteParts } from './routes.ts';

/** Bytes; a start with fifty scenarios fits. */
const BODY_LIMIT = 16_384;

/**
 * The server without its sockets. Every request has its `Host` checked before it reaches a route.
 *
 * Must hold:
 * - Routes of the API are added within the plugin below, whose hook checks token and origin. What is added to `app` itself has no
 *   check but that of `Host`: files of the page, and the login, which checks an `Origin` where one is sent.
 * - Bodies are JSON as their schemas have it: nothing is converted or removed; a schema that allows no other fields refuses them.
 * - The caller closes it, after the sockets that it routes.
 */
export async function createApp(guard: RequestGuard, parts: RouteParts): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    requestTimeout: 10_000,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, discriminator: true } },
  });
  // Answers are plain JSON: their schemas are for readers of the API, and a test holds answers to them.
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  // JSON only: the content types of HTML forms are refused with 415.
  app.removeContentTypeParser('text/plain');
  await app.register(swagger, {
    openapi: { info: { title: 'jarvis-load live', version: '1', description: 'Watch and steer a run' } },
  });
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(SECURITY_HEADERS);
    guard.checkHost(request);
    done();
  });
  app.setErrorHandler((error: FastifyError | LiveError, _request, reply) => {
    if (error instanceof LiveError)
      return reply.code(error.status).send({ error: error.code, message: error.message, next: error.next });
    if (error.validation !== undefined)
      return reply
        .code(400)
        .send({ error: 'body', message: error.message, next: 'GET /api/openapi.json has the schema' });
    const status = error.statusCode ?? 500;
    if (status >= 500) parts.store.log('error', `The live page failed: ${error.message}`);
    return reply.code(status).send({
      error: error.code ?? 'internal',
      message: status < 500 ? error.message : 'Internal error',
      next: null,
    });
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: 'not-found', message: 'No such path', next: 'GET /api/openapi.json' }),
  );

  for (const path of Object.keys(ASSET_TYPES) as (keyof typeof ASSET_TYPES)[])
    app.get(path, { schema: { hide: true } }, (_request, reply) =>
      reply.type(ASSET_TYPES[path].type).send(readAsset(path)),
    );

  app.post<{ Body: { token: string } }>(
    '/api/login',
    {
      schema: {
        summary: 'Exchanges the token for a cookie',
        body: Type.Object({ token: Type.String({ maxLength: 200 }) }, { additionalProperties: false }),
      },
      onRequest: (request, _reply, done) => {
        if (request.headers.origin !== undefined) guard.checkOrigin(request);
        done();
      },
    },
    ({ body }, reply) => reply.header('set-cookie', guard.cookieFor(body.token)).code(204).send(),
  );
  await app.register(
    (api, _options, registered) => {
      api.addHook('onRequest', (request, _reply, done) => {
        guard.checkToken(request);
        guard.checkOrigin(request);
        done();
      });
      addRoutes(api, parts);
      api.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
      registered();
    },
    { prefix: '/api' },
  );
  await app.ready();
  return app;
}
