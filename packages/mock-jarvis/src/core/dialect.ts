import type { FastifyInstance } from 'fastify';
import type { Runtime } from '../server/runtime.ts';
import { trackRequests } from '../server/track.ts';

/** Serves what the Rust core of the same version really serves. */
export async function addCoreDialect(app: FastifyInstance, runtime: Runtime): Promise<void> {
  trackRequests(app, runtime);
}
