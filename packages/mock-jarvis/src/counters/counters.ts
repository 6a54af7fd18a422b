/**
 * Counts of requests by run, phase, operation and outcome, as the mock saw them.
 *
 * Must hold:
 * - Callers count `arrived` when the headers are there and settle each request once: the difference is in flight.
 * - Memory is bounded: with too many runs, the oldest is merged into `older`; `none` and `older` stay.
 * - `COUNTED_PHASES` has the phases that engine and k6 send; others count as `other`.
 */
import type { CountedOperation } from '../operations.ts';
import { addStreams, type StreamCounts } from './stream-counts.ts';

/** Outcome of a request as the mock saw it: what a client should report, the injected fault, or `aborted`. */
export const COUNTED_OUTCOMES = [
  'ok',
  'rate_limited',
  'unauthorized',
  'client_error',
  'server_error',
  'reset',
  'truncated',
  'hang',
  'garbage',
  'wrong_json',
  'cut',
  'empty',
  'in_band_error',
  'aborted',
] as const;

/**
 * `ok` to `server_error` follow from the status (a fault `server_error` among them; `slow`, `stall` and `slow_first_byte` count
 * as `ok`), `reset` to `in_band_error` are faults, `aborted` means that the client left before its answer was complete.
 */
export type CountedOutcome = (typeof COUNTED_OUTCOMES)[number];

/** Phases accepted from the header `x-load-phase`; other names count as `other`, a missing header as `none`. */
export const COUNTED_PHASES = [
  'none',
  'probe',
  'warm-up',
  'setup',
  'prepare',
  'run',
  'teardown',
  'other',
] as const;
/** A phase of a load test. */
export type CountedPhase = (typeof COUNTED_PHASES)[number];

/** The requests of one run, phase and operation. */
export interface CounterRow {
  /** From `x-load-run-id`; `none` without the header, `older` for runs evicted by newer ones. */
  readonly runId: string;
  readonly phase: CountedPhase;
  readonly operation: CountedOperation;
  /** Requests whose headers arrived. */
  readonly arrived: number;
  /** Requests that have ended; `arrived` minus this is the number in flight. */
  readonly settled: number;
  /** Only outcomes that occurred. */
  readonly outcomes: Partial<Record<CountedOutcome, number>>;
  /** Only of operations that streamed answers. */
  readonly streams?: Readonly<StreamCounts>;
}

/** All counters at one moment. */
export interface CountersSnapshot {
  readonly rows: readonly CounterRow[];
}

/** Counts of one run, phase and operation. */
export class CounterCell {
  arrived = 0;
  readonly outcomes = new Uint32Array(COUNTED_OUTCOMES.length);
  /** Undefined until the first answer was streamed. */
  streams: StreamCounts | undefined;

  settle(outcome: CountedOutcome): void {
    const index = COUNTED_OUTCOMES.indexOf(outcome);
    this.outcomes[index] = this.outcomes[index]! + 1;
  }

  add(other: CounterCell): void {
    this.arrived += other.arrived;
    for (const [index, count] of other.outcomes.entries()) {
      this.outcomes[index] = this.outcomes[index]! + count;
    }
    if (other.streams !== undefined) this.streams = addStreams(this.streams, other.streams);
  }
}

type Run = Map<string, CounterCell>;

const OLDER = 'older';
const MAX_RUN_ID_LENGTH = 128;
const PHASES: ReadonlySet<string> = new Set(COUNTED_PHASES);

/** Requests by run, phase, operation and outcome. */
export class Counters {
  #maxRuns: number;
  #runs = new Map<string, Run>();

  constructor(maxRuns: number) {
    this.#maxRuns = maxRuns;
  }

  configure(maxRuns: number): void {
    this.#maxRuns = maxRuns;
  }

  /**
   * The cell to count in. After its run was merged into `older`, a cell still accepts the ends of its requests, but no
   * snapshot shows them.
   */
  cell(runId: string | undefined, phase: string | undefined, operation: CountedOperation): CounterCell {
    const run = this.#run(runId === undefined || runId === '' ? 'none' : runId.slice(0, MAX_RUN_ID_LENGTH));
    const key = `${phase === undefined ? 'none' : PHASES.has(phase) ? phase : 'other'} ${operation}`;
    let cell = run.get(key);
    if (cell === undefined) {
      cell = new CounterCell();
      run.set(key, cell);
    }
    return cell;
  }

  reset(): void {
    this.#runs = new Map();
  }

  snapshot(): CountersSnapshot {
    const rows = [...this.#runs].flatMap(([runId, run]) =>
      [...run].map(([key, cell]): CounterRow => {
        const [phase, operation] = key.split(' ') as [CountedPhase, CountedOperation];
        const seen = COUNTED_OUTCOMES.flatMap((name, index) =>
          cell.outcomes[index] === 0 ? [] : [[name, cell.outcomes[index]!] as const],
        );
        const settled = cell.outcomes.reduce((sum, count) => sum + count, 0);
        return {
          runId,
          phase,
          operation,
          arrived: cell.arrived,
          settled,
          outcomes: Object.fromEntries(seen),
          ...(cell.streams && { streams: { ...cell.streams } }),
        };
      }),
    );
    return { rows };
  }

  #run(runId: string): Run {
    let run = this.#runs.get(runId);
    if (run === undefined) {
      if (this.#runs.size >= this.#maxRuns) this.#retire();
      run = new Map();
      this.#runs.set(runId, run);
    }
    return run;
  }

  #retire(): void {
    const oldest = [...this.#runs.keys()].find((name) => name !== OLDER && name !== 'none');
    if (oldest === undefined) return;
    const retired = this.#runs.get(oldest)!;
    this.#runs.delete(oldest);
    const older = this.#runs.get(OLDER) ?? new Map<string, CounterCell>();
    for (const [key, cell] of retired) {
      const sum = older.get(key) ?? new CounterCell();
      sum.add(cell);
      older.set(key, sum);
    }
    this.#runs.set(OLDER, older);
  }
}
