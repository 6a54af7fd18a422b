import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import { coreDialect } from '@jarvis-load/jarvis';
import type { coreContract } from '@jarvis-load/jarvis/schemas';
import type { Answer } from '../server/answer.ts';
import type { Runtime } from '../server/runtime.ts';
import { refuse, serve } from '../server/serve.ts';
import { isLimited, requireToken } from './guard.ts';
import { readBody } from './read-body.ts';
import type { StructValue } from './read-body.ts';
import type { RequestStruct } from './serde-scanner.ts';
import { plainText } from './text.ts';

/** An operation of the core. */
export type CoreOperation = keyof typeof coreContract;

/** Handling of a request on a route, after the checks of token and limits. */
export interface CoreRoute<S extends RequestStruct> {
  /** Shape of the JSON body; absent if the route reads none. */
  readonly struct?: S;
  /** Message of a 400 for a value out of bounds, as `<what>: <reason>`. */
  readonly refuseValue?: (
    body: StructValue<S>,
    params: Readonly<Record<string, string>>,
  ) => string | undefined;
  /** Called at the end of the service time. */
  readonly answer: (body: StructValue<S>, request: FastifyRequest) => Answer;
}

const serverError = (runtime: Runtime): Answer =>
  plainText(runtime.config.faults.server_error.status, 'Internal server error');

/** axum's router does not match an empty path parameter: answers 404. */
const requireParams: onRequestHookHandler = (request, reply, done) => {
  if (Object.values(request.params as Readonly<Record<string, string>>).includes('')) reply.callNotFound();
  else done();
};

/**
 * Registers one operation. Checks, in this order: no empty path parameter (404), token, limits, body, bounds of path and body;
 * then the work. The login is counted against its limit after its body was read.
 */
export function addOperation<S extends RequestStruct>(
  app: FastifyInstance,
  runtime: Runtime,
  name: CoreOperation,
  route: CoreRoute<S>,
): void {
  const operation = coreDialect.operations[name];
  const isLogin = name === 'auth.login';
  const handler = (request: FastifyRequest, reply: FastifyReply): void => {
    if (!isLogin && isLimited(runtime, name, request, reply)) return;
    const params = request.params as Readonly<Record<string, string>>;
    let body = {} as StructValue<S>;
    if (route.struct !== undefined) {
      const read = readBody(request, route.struct);
      if ('refusal' in read) {
        refuse(runtime, request, reply, read.refusal);
        return;
      }
      body = read.value;
    }
    if (isLogin && isLimited(runtime, name, request, reply)) return;
    const refusal = route.refuseValue?.(body, params);
    if (refusal !== undefined) refuse(runtime, request, reply, plainText(400, refusal));
    else serve(runtime, request, reply, () => route.answer(body, request), serverError);
  };
  app.route({
    method: operation.method,
    url: operation.route.replaceAll(/\{(\w+)\}/g, ':$1'),
    config: { operation: name, endpoint: operation.route },
    onRequest: [requireParams, ...(operation.protected ? [requireToken(runtime)] : [])],
    handler,
  });
}
