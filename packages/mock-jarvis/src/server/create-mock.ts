import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { addAdminRoutes } from '../admin/routes.ts';
import { CORE_BOUNDS } from '@jarvis-load/jarvis';
import { systemClock } from '../clock.ts';
import { resolveMockConfig } from '../config/resolve.ts';
import { addCoreDialect } from '../core/dialect.ts';
import { plainText } from '../core/text.ts';
import { addDocumentedDialect } from '../documented/dialect.ts';
import { invalid } from '../documented/errors.ts';
import { refuseUntracked } from './serve.ts';
import { Runtime } from './runtime.ts';
import type { MockOptions } from './start-mock.ts';

/** Bytes; the documented contract names no limit. */
const BODY_LIMIT = { documented: 16 * 1024 * 1024, core: CORE_BOUNDS.bodyBytes } as const;
/** Longer than any id that the core accepts, so that the id check of the dialect answers and not the router. */
const MAX_PARAM_LENGTH = 4096;

/**
 * A mock that does not listen yet: its state and its routes. The caller listens with `app`, and closes it, also after an error.
 * @throws {MockError} `invalid_setting` or `unknown_preset`
 */
export async function createMock(
  options: MockOptions,
): Promise<{ readonly runtime: Runtime; readonly app: FastifyInstance }> {
  const runtime = new Runtime(resolveMockConfig(options), options.clock ?? systemClock);
  return { runtime, app: await build(runtime) };
}

async function build(runtime: Runtime): Promise<FastifyInstance> {
  const { dialect } = runtime.config;
  const app = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT[dialect],
    forceCloseConnections: true,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    // An undecodable path reaches neither a route nor a hook, so it is counted here.
    frameworkErrors: ({ message }, _request, reply) => {
      const answer =
        dialect === 'core' ? plainText(400, 'Invalid URL: Invalid UTF-8 in `id`') : invalid(message);
      refuseUntracked(
        runtime,
        reply,
        runtime.counters.cell(undefined, undefined, 'other'),
        'client_error',
        answer,
      );
    },
  });
  // Register admin before the dialect adds its hooks: admin requests must not be tracked, delayed or frozen.
  await app.register(addAdminRoutes, { prefix: '/__mock', runtime });
  if (dialect === 'core') addCoreDialect(app, runtime);
  else await addDocumentedDialect(app, runtime);
  return app;
}
