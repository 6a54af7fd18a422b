import type { FastifyInstance } from 'fastify';
import { AllowedMethods } from '../server/allowed-methods.ts';
import { empty } from '../server/answer.ts';
import { addCors } from '../server/cors.ts';
import type { Runtime } from '../server/runtime.ts';
import { refuse } from '../server/serve.ts';
import { trackRequests } from '../server/track.ts';
import { addCoreOperations } from './operations.ts';
import { isJsonType } from './read-body.ts';
import { plainText } from './text.ts';

const ROUTED = new Set(['GET', 'HEAD', 'POST', 'DELETE']);

/**
 * Serves what the Rust core of Jarvis 1.9.0 serves in practice (axum, at the commit whose /metrics is JSON).
 *
 * Must hold:
 * - The `onRoute` hook, which collects methods for 405, comes before the routes: it does not see earlier ones.
 * - `trackRequests` comes before all that uses `refuse` or `serve`, which need its exchange.
 * - Fastify parses no body: handlers get bytes, which `read-body.ts` parses after the token check.
 */
export function addCoreDialect(app: FastifyInstance, runtime: Runtime): void {
  const allowed = new AllowedMethods();
  app.addHook('onRoute', ({ url, method }) => {
    const methods = [method].flat().filter((name) => ROUTED.has(name));
    if (methods.length > 0 && !url.startsWith('/__mock')) allowed.add(url, methods);
  });
  trackRequests(app, runtime);
  addCors(app, runtime, 'always');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error: { statusCode?: number; message: string }, request, reply) => {
    const { statusCode = 500 } = error;
    let answer = plainText(statusCode, error.message);
    // axum checks the content type before the length.
    if (statusCode === 415 || (statusCode === 413 && !isJsonType(request.headers['content-type']))) {
      answer = plainText(415, 'Expected request with `Content-Type: application/json`');
    } else if (statusCode === 413) {
      answer = plainText(413, 'Failed to buffer the request body: length limit exceeded');
    }
    refuse(runtime, request, reply, answer);
  });
  app.setNotFoundHandler((request, reply) => {
    const methods = allowed.of(request.url.split('?', 1)[0]!);
    // axum lists GET before HEAD, separated by commas without spaces.
    const allow = ['GET', 'HEAD', 'POST', 'DELETE'].filter((name) => methods.includes(name)).join(',');
    refuse(runtime, request, reply, methods.length === 0 ? empty(404) : empty(405, { allow }));
  });
  addCoreOperations(app, runtime);
  app.get('/ws', { config: { operation: 'ws', endpoint: '/ws' } }, (request, reply) => {
    refuse(runtime, request, reply, plainText(200, 'WebSocket endpoint - use a WebSocket client to connect'));
  });
}
