import type { FastifyInstance } from 'fastify';
import type { Runtime } from '../server/runtime.ts';
import { refuse } from '../server/serve.ts';
import { empty } from './text.ts';

const VARY = 'origin, access-control-request-method, access-control-request-headers';
const PREFLIGHT = {
  'access-control-allow-methods': 'GET,POST,DELETE,OPTIONS',
  'access-control-allow-headers': 'content-type,authorization',
  'access-control-max-age': '3600',
};

/** The core's CORS layer: an allow-list of origins, credentials allowed; any OPTIONS is a preflight, answered 200. */
export function addCors(app: FastifyInstance, runtime: Runtime): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config.isUntracked !== true) {
      const { origin } = request.headers;
      reply.header('vary', VARY);
      reply.header('access-control-allow-credentials', 'true');
      if (origin !== undefined && runtime.config.corsOrigins.includes(origin)) {
        reply.header('access-control-allow-origin', origin);
      }
    }
    done();
  });
  app.options('*', (request, reply) => refuse(runtime, request, reply, empty(200, PREFLIGHT)));
}
