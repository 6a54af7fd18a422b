import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { CountedOperation } from '../operations.ts';
import { Exchange } from './exchange.ts';
import type { Runtime } from './runtime.ts';

declare module 'fastify' {
  interface FastifyRequest {
    exchange: Exchange;
  }
  interface FastifyContextConfig {
    /** Absent: counted as `other`. */
    operation?: CountedOperation;
    /** The route as metrics name it. */
    endpoint?: string;
    /** Neither counted nor held back by a freeze. */
    isUntracked?: boolean;
  }
}

const single = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

/** Follows every request from its headers to its end, and counts it. */
export function trackRequests(app: FastifyInstance, runtime: Runtime): void {
  app.decorateRequest('exchange', null as unknown as Exchange);
  app.addHook('onRequest', (request: FastifyRequest, reply, done) => {
    const { operation = 'other', endpoint = 'unmatched', isUntracked } = request.routeOptions.config;
    // What comes over an open socket is counted message by message.
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
    // `close` comes after `finish`, and comes alone when the connection ends first.
    raw.once('close', () => exchange.settle(raw, runtime.metrics, runtime.clock.elapsedMs()));
    done();
  });
}
