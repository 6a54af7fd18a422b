import type { FastifyInstance } from 'fastify';
import { json } from '../server/answer.ts';
import type { Runtime } from '../server/runtime.ts';
import { unauthorized } from './errors.ts';
import { addOperation } from './route.ts';

/** Version of Jarvis that both contracts describe. */
export const JARVIS_VERSION = '1.9.0';

/** Login, health, ready, metrics. */
export function addSystemRoutes(app: FastifyInstance, runtime: Runtime): void {
  addOperation<{ username: string; password: string }>(app, runtime, 'auth.login', ({ body }) => {
    const { accounts, anyAccount } = runtime.config.auth;
    if (!anyAccount && !accounts.includes(`${body.username}:${body.password}`)) {
      return unauthorized('Invalid username or password');
    }
    const token = runtime.tokens.issue(`user-${body.username}`, body.username);
    return json({ token, expires_in: runtime.tokens.lifetimeSeconds });
  });

  addOperation(app, runtime, 'health', () => {
    const uptime = Math.floor((runtime.clock.elapsedMs() - runtime.startedMs) / 1000);
    const checks = { database: 'ok', redis: 'ok', ollama: 'ok' };
    return json({ status: 'healthy', version: JARVIS_VERSION, uptime, checks });
  });

  addOperation(app, runtime, 'ready', () => json({ status: 'ready' }));

  addOperation(app, runtime, 'metrics', () => ({
    status: 200,
    type: 'text/plain; version=0.0.4; charset=utf-8',
    body: runtime.metrics.render(),
  }));
}
