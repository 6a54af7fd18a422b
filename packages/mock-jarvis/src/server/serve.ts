import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CountedOutcome, CounterCell } from '../counters/counters.ts';
import type { MockOperation } from '../operations.ts';
import type { Answer } from './answer.ts';
import { send, sendFaulty } from './deliver.ts';
import type { Runtime } from './runtime.ts';

/** Makes the answer of fault `server_error` in the format of the dialect. */
export type ServerErrorAnswer = (runtime: Runtime) => Answer;

/**
 * Serves an accepted request: waits for a server, waits the service time, then makes the answer and sends it or applies
 * the drawn fault. `make` runs at the end of the service time, a freeze and the delay of `slow_first_byte`, unless the client has
 * left by then; it does not run for faults that replace its answer (reset, garbage, wrong_json, server_error, in_band_error) or
 * send none (hang). The caller answers nothing after it; not for untracked routes, which have no exchange.
 * @param inBandError the answer of fault `in_band_error` @default JSON of another shape
 */
export function serve(
  runtime: Runtime,
  request: FastifyRequest,
  reply: FastifyReply,
  make: () => Answer,
  serverError: ServerErrorAnswer,
  inBandError?: () => Answer,
): void {
  const { exchange } = request;
  const operation = exchange.operation as MockOperation;
  const { serviceMs, fault } = runtime.plan(operation, exchange.phase);
  if (fault === 'hang') exchange.decide('hang');

  const answer = (): void => {
    if (exchange.isOver) return;
    try {
      if (fault === undefined) send(reply, make());
      else
        sendFaulty(
          runtime,
          exchange,
          reply,
          fault,
          fault === 'server_error' ? () => serverError(runtime) : make,
          inBandError,
        );
    } catch (error) {
      reply.send(error);
    }
  };
  if (serviceMs === 0 && runtime.isUnlimited(operation)) {
    runtime.gate.pass(answer);
    return;
  }
  exchange.pool = runtime.pool(operation);
  exchange.ticket = exchange.pool.submit({ serviceMs, done: () => runtime.gate.pass(answer) });
}

/** Sends a refusal without service time. Only a freeze delays it. Not for untracked routes, which have no exchange. */
export function refuse(runtime: Runtime, request: FastifyRequest, reply: FastifyReply, answer: Answer): void {
  runtime.gate.pass(() => {
    if (!request.exchange.isOver) send(reply, answer);
  });
}

/** Refuses a request without an exchange, and counts it: as `aborted` if its client has left by the end of a freeze. */
export function refuseUntracked(
  runtime: Runtime,
  reply: FastifyReply,
  cell: CounterCell,
  outcome: CountedOutcome,
  answer: Answer,
): void {
  cell.arrived += 1;
  // Of an upgrade, the connection alone tells that it is closed.
  const { socket } = reply.request.raw;
  runtime.gate.pass(() => {
    cell.settle(socket.destroyed ? 'aborted' : outcome);
    if (!socket.destroyed) send(reply, answer);
  });
}
