import type { WireRequest } from '../model/flight.ts';
import type { Tags } from '../model/scenario.ts';
import type { Timings } from '../model/load-response.ts';
import type { ThreadInterval, UserLevels } from '../model/thread-interval.ts';
import type { TracedRequest } from '../model/traced-request.ts';
import { OUTCOMES } from '../outcome.ts';
import { traceIdOf } from '../transport/trace-context.ts';
import type { OperationRecorder } from './operation-recorder.ts';
import { SlowestTraced } from './slowest-traced.ts';
import { ThreadRecorder } from './thread-recorder.ts';

/**
 * Records the requests that carry a `traceparent`, too. A class of its own, so that runs without traces pay nothing for
 * them. Requests are known by the identity of their `timings` until `flush`.
 */
export class TracingRecorder extends ThreadRecorder {
  readonly #operations = new Map<number, SlowestTraced>();
  /** Trace ids since the last hand-over. */
  #ids = new Map<Timings, string>();
  /** The requests of these that are kept. */
  readonly #kept = new Map<Timings, TracedRequest>();

  override request(
    operation: number,
    outcome: number,
    status: number,
    intendedMs: number,
    timings: Timings,
    lastPhase: number,
    bytesSent: number,
    bytesReceived: number,
    wire: WireRequest,
    tags?: Tags,
  ): OperationRecorder | undefined {
    const part = super.request(
      operation,
      outcome,
      status,
      intendedMs,
      timings,
      lastPhase,
      bytesSent,
      bytesReceived,
      wire,
      tags,
    );
    const traceId = traceIdOf(wire.head);
    if (traceId === undefined) return part;
    this.#ids.set(timings, traceId);
    const { responseTimeMs } = timings;
    const slowest = this.#of(operation);
    if (!slowest.wants(responseTimeMs)) return part;
    const request = {
      traceId,
      atMs: intendedMs - this.originMs,
      responseTimeMs,
      status,
      outcome: OUTCOMES[outcome]!,
    };
    this.#kept.set(timings, request);
    slowest.add(request);
    return part;
  }

  override amend(
    operation: number,
    from: number,
    to: number,
    status: number,
    timings: Timings,
    flushes: number,
    part?: OperationRecorder,
  ): boolean {
    if (!super.amend(operation, from, to, status, timings, flushes, part)) return false;
    const request = this.#kept.get(timings);
    if (request !== undefined) this.#of(operation).replace(request, { ...request, outcome: OUTCOMES[to]! });
    return true;
  }

  override traceOf(timings: Timings): string | undefined {
    return this.#ids.get(timings);
  }

  override flush(levels: readonly UserLevels[]): ThreadInterval {
    this.#ids = new Map();
    this.#kept.clear();
    const interval = super.flush(levels);
    const operations = interval.operations.map((operation) => {
      const traced = this.#operations.get(operation.index)?.flush();
      return traced === undefined ? operation : { ...operation, traced };
    });
    return { ...interval, operations };
  }

  #of(operation: number): SlowestTraced {
    let slowest = this.#operations.get(operation);
    if (slowest === undefined) this.#operations.set(operation, (slowest = new SlowestTraced()));
    return slowest;
  }
}
