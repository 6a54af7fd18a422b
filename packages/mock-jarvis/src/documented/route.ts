import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { documentedDialect } from '@jarvis-load/jarvis';
import { documentedContract } from '@jarvis-load/jarvis/schemas';
import type { OperationContract } from '@jarvis-load/jarvis/schemas';
import type { Answer } from '../server/answer.ts';
import type { Runtime } from '../server/runtime.ts';
import { serve } from '../server/serve.ts';
import { serverError } from './errors.ts';
import { enforceLimits, requireToken } from './guard.ts';

/** An operation of the documented contract. */
export type DocumentedOperation = keyof typeof documentedContract;

/**
 * Makes the answer; called at the end of the service time. Not called where a fault replaces the answer or the request hangs: what
 * must happen for every request, such as a count, does not belong here.
 */
export type Handler<Body, Query, Params> = (
  request: FastifyRequest<{ Body: Body; Querystring: Query; Params: Params }>,
) => Answer;

const fastifyPath = (route: string): string => route.replaceAll(/\{(\w+)\}/g, ':$1');

/**
 * Registers one operation: token, then limits, then validation of body and query by the contract's schemas, then the
 * work. The OpenAPI document is generated from the same schemas.
 * @param route another path for the same operation
 */
export function addOperation<Body = undefined, Query = undefined, Params = undefined>(
  app: FastifyInstance,
  runtime: Runtime,
  name: DocumentedOperation,
  make: Handler<Body, Query, Params>,
  route?: string,
): void {
  const operation = documentedDialect.operations[name];
  const contract: OperationContract = documentedContract[name];
  const url = route ?? operation.route;
  const guards = [...(operation.protected ? [requireToken(runtime)] : []), enforceLimits(runtime, name)];
  const options: RouteOptions = {
    method: operation.method,
    url: fastifyPath(url),
    config: { operation: name, endpoint: url },
    schema: {
      summary: contract.summary,
      operationId: route === undefined ? name : `${name}.older`,
      tags: [name.split('.')[0]!],
      ...(operation.protected && { security: [{ bearer: [] }] }),
      ...(contract.params && { params: contract.params }),
      ...(contract.query && { querystring: contract.query }),
      ...(contract.body && { body: contract.body }),
      ...(contract.answer && route === undefined && { response: { 200: contract.answer } }),
    },
    onRequest: guards,
    handler: (request, reply) => {
      const typed = request as Parameters<typeof make>[0];
      serve(runtime, request, reply, () => make(typed), serverError);
    },
  };
  app.route(options);
}
