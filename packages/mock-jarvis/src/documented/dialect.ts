/**
 * Serves the documented contract: the API examples, and the older reference where the examples say nothing; with the endpoints of
 * `assistant/`, which the core does not have.
 *
 * Must hold:
 * - The `onRoute` hook, which collects methods for 405, and the plugins of OpenAPI and WebSocket come before the routes: they do
 *   not see earlier ones.
 * - `trackRequests` comes before all that uses `refuse` or `serve`, which need its exchange.
 */
import type { FastifyInstance } from 'fastify';
import swagger from '@fastify/swagger';
import websocket from '@fastify/websocket';
import { addAssistantRoutes } from '../assistant/add-assistant-routes.ts';
import { AllowedMethods } from '../server/allowed-methods.ts';
import { addCors } from '../server/cors.ts';
import type { Runtime } from '../server/runtime.ts';
import { refuse } from '../server/serve.ts';
import { trackRequests } from '../server/track.ts';
import { addChatRoutes } from './chat.ts';
import { failure, invalid, notFound } from './errors.ts';
import { addMemoryRoutes } from './memory.ts';
import { addSocketRoute } from './socket.ts';
import { addSystemRoutes, JARVIS_VERSION } from './system.ts';
import { validatorCompiler } from './validation.ts';
import { addVoiceRoutes } from './voice.ts';

const MAX_SOCKET_MESSAGE_BYTES = 64 * 1024;
const UPPER_METHODS = new Set(['GET', 'HEAD', 'POST', 'DELETE']);

function handleErrors(app: FastifyInstance, runtime: Runtime, allowed: AllowedMethods): void {
  app.setErrorHandler((error: { statusCode?: number; code?: string; message: string }, request, reply) => {
    const { statusCode = 500, message } = error;
    const answer =
      statusCode === 413
        ? failure(413, 'PAYLOAD_TOO_LARGE', 'Payload too large', 'The body is too large')
        : statusCode === 415
          ? failure(415, 'UNSUPPORTED_MEDIA_TYPE', 'Unsupported media type', 'Expected application/json')
          : statusCode < 500
            ? invalid(message)
            : failure(500, 'INTERNAL_ERROR', 'Internal server error', message, {
                request_id: runtime.uuid(),
              });
    refuse(runtime, request, reply, answer);
  });
  app.setNotFoundHandler((request, reply) => {
    const methods = allowed.of(request.url.split('?', 1)[0]!);
    const answer =
      methods.length === 0
        ? notFound(`No such path: ${request.method} ${request.url.slice(0, 200)}`)
        : failure(
            405,
            'METHOD_NOT_ALLOWED',
            'Method not allowed',
            `Allowed: ${methods.join(', ')}`,
            {},
            {
              allow: methods.join(', '),
            },
          );
    refuse(runtime, request, reply, answer);
  });
}

/** Registers hooks, plugins, parsers and routes of the documented dialect. */
export async function addDocumentedDialect(app: FastifyInstance, runtime: Runtime): Promise<void> {
  const allowed = new AllowedMethods();
  app.addHook('onRoute', ({ url, method }) => {
    const methods = [method].flat().filter((name) => UPPER_METHODS.has(name));
    if (methods.length > 0 && !url.startsWith('/__mock')) allowed.add(url, methods);
  });
  await app.register(swagger, {
    openapi: {
      info: { title: 'Jarvis (mock)', version: JARVIS_VERSION },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    },
  });
  await app.register(websocket, { options: { maxPayload: MAX_SOCKET_MESSAGE_BYTES } });
  trackRequests(app, runtime);
  addCors(app, runtime, 'with-origin');
  // Some clients send DELETE with a JSON content type and an empty body: treated as no body, not as malformed JSON.
  const readJson = app.getDefaultJsonParser('ignore', 'ignore');
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else void readJson(request, body as string, done);
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(() => JSON.stringify);
  handleErrors(app, runtime, allowed);
  addSystemRoutes(app, runtime);
  addChatRoutes(app, runtime);
  addMemoryRoutes(app, runtime);
  addVoiceRoutes(app, runtime);
  addSocketRoute(app, runtime);
  await app.register(addAssistantRoutes, { runtime });
  let openapi: string | undefined;
  app.get(
    '/openapi.json',
    { schema: { hide: true }, config: { endpoint: '/openapi.json' } },
    (request, reply) => {
      openapi ??= JSON.stringify(app.swagger());
      const body = openapi;
      runtime.gate.pass(() => {
        if (!request.exchange.isOver) reply.type('application/json; charset=utf-8').send(body);
      });
    },
  );
}
