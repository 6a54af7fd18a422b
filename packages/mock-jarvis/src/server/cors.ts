import type { FastifyInstance } from 'fastify';
import { empty } from './answer.ts';
import type { Runtime } from './runtime.ts';
import { refuse } from './serve.ts';

const VARY = 'origin, access-control-request-method, access-control-request-headers';
const PREFLIGHT = {
  'access-control-allow-methods': 'GET,POST,DELETE,OPTIONS',
  'access-control-allow-headers': 'content-type,authorization',
  'access-control-max-age': '3600',
};

/**
 * CORS: an allow-list of origins, credentials allowed; any OPTIONS request is a preflight and gets 200. The admin
 * routes answer no preflight, so that web pages cannot use them. Called after `trackRequests`: `refuse` needs its exchange.
 * @param sends `always`: headers on every answer, as the core does; `with-origin`: only on requests with an `Origin`
 *   header
 */
export function addCors(app: FastifyInstance, runtime: Runtime, sends: 'always' | 'with-origin'): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    if (
      (origin !== undefined || sends === 'always') &&
      request.routeOptions.config.isUntracked !== true &&
      !isAdmin(request.url)
    ) {
      reply.header('vary', VARY);
      reply.header('access-control-allow-credentials', 'true');
      if (origin !== undefined && runtime.config.corsOrigins.includes(origin)) {
        reply.header('access-control-allow-origin', origin);
      }
    }
    done();
  });
  app.options('*', { schema: { hide: true } }, (request, reply) => {
    if (isAdmin(request.url)) reply.callNotFound();
    else refuse(runtime, request, reply, empty(200, PREFLIGHT));
  });
}

const isAdmin = (url: string): boolean => url.startsWith('/__mock');
