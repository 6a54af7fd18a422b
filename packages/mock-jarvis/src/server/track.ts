import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { CountedOperation } from '../operations.ts';
import { Exchange } from './exchange.ts';
import type { Runtime } from './runtime.ts';

declare module 'fastify' {
  interface FastifyRequest {
    exchange: Exchange;
  }
  interface FastifyContextConfig {
    /** Absent: counted under `other`. */
    operation?: CountedOperation;
    /** Name of the route in the metrics. */
    endpoint?: string;
    /** Not counted here, and without `exchange`: `serve` and `refuse` cannot be used. */
    isUntracked?: boolean;
  }
}

const single = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

/**
 * Counts every request from the arrival of its headers to its end, but for untracked routes and upgrades to `/ws`. Called before
 * any hook or route that uses `request.exchange`, which is set here.
 */
export function trackRequests(app: FastifyInstance, runtime: Runtime): void {
  app.decorateRequest('exchange', null as unknown as Exchange);
  app.addHook('onRequest', (request: FastifyRequest, reply, done) => {
    const { operation = 'other', endpoint = 'unmatched', isUntracked } = request.routeOptions.config;
    // WebSocket traffic is counted per message, not per upgrade request.
    const isUpgrade = operation === 'ws' && (request as { ws?: boolean }).ws === true;
    if (isUntracked === true || isUpgrade) {
      done();
      return;
    }
    const phase = single(request.headers['x-load-phase']);
    const cell = runtime.counters.cell(single(request.headers['x-load-run-id']), phase, operation);
    const exchange = new Exchange(
      operation,
      phase ?? 'none',
      request.method,
      endpoint,
      runtime.clock.elapsedMs(),
      cell,
    );
    cell.arrived += 1;
    request.exchange = exchange;
    const { raw } = reply;
    // `close` follows `finish`; it comes without `finish` when the connection ends first.
    raw.once('close', () => exchange.settle(raw, runtime.metrics, runtime.clock.elapsedMs()));
    done();
  });
}
