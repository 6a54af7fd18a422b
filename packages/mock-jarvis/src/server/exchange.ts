import type { ServerResponse } from 'node:http';
import type { TokenClaims } from '../auth/tokens.ts';
import type { CapacityPool, Ticket } from '../capacity/pool.ts';
import type { CountedOutcome, CounterCell } from '../counters/counters.ts';
import type { RequestMetrics } from '../counters/prometheus.ts';
import type { CountedOperation } from '../operations.ts';

/** The outcome that a status implies; 2xx and 3xx are `ok`. */
function outcomeOf(status: number): CountedOutcome {
  if (status < 400) return 'ok';
  if (status === 429) return 'rate_limited';
  if (status === 401) return 'unauthorized';
  return status < 500 ? 'client_error' : 'server_error';
}

/**
 * One request and its answer, from the arrival of the headers to its end of any kind. `track.ts` makes and settles it,
 * `bearerGuard` sets `token` and `claims` (so only protected routes have them), `serve` sets `pool` and `ticket`.
 */
export class Exchange {
  readonly operation: CountedOperation;
  readonly phase: string;
  readonly method: string;
  readonly endpoint: string;
  readonly arrivedMs: number;
  readonly cell: CounterCell;
  claims: TokenClaims | undefined;
  token: string | undefined;
  isOver = false;
  #isCounted = false;
  ticket: Ticket | undefined;
  pool: CapacityPool | undefined;

  constructor(
    operation: CountedOperation,
    phase: string,
    method: string,
    endpoint: string,
    arrivedMs: number,
    cell: CounterCell,
  ) {
    this.operation = operation;
    this.phase = phase;
    this.method = method;
    this.endpoint = endpoint;
    this.arrivedMs = arrivedMs;
    this.cell = cell;
  }

  /**
   * Duration as the server reports it, in whole milliseconds: queue, service, freeze and delays of faults, without the lateness of the
   * timer of the service time. On a busy machine that would fail content checks such as the limit on `latency_ms`.
   */
  serverMs(nowMs: number): number {
    return Math.round(nowMs - this.arrivedMs - (this.ticket?.lateMs ?? 0));
  }

  /** Counts the outcome of a fault immediately; the later close of the connection is then not counted as `aborted`. */
  decide(outcome: CountedOutcome): void {
    if (!this.#isCounted) this.cell.settle(outcome);
    this.#isCounted = true;
  }

  /** Counts the end: called once, when the response is closed. */
  settle(raw: ServerResponse, metrics: RequestMetrics, nowMs: number): void {
    this.isOver = true;
    if (this.ticket !== undefined) this.pool?.cancel(this.ticket);
    this.decide(raw.writableFinished ? outcomeOf(raw.statusCode) : 'aborted');
    if (raw.writableFinished) {
      metrics.observe(this.method, this.endpoint, raw.statusCode, (nowMs - this.arrivedMs) / 1000);
    }
  }
}
