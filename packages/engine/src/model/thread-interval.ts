import type { HttpProtocol } from './flight.ts';
import type { StreamInterval } from './stream-interval.ts';
import type { TracedRequests } from './traced-request.ts';
import type { HistogramSnapshot, TrendSnapshot } from './histogram-snapshot.ts';
import type { Tags } from './tags.ts';

/**
 * Measurements of one thread since its last hand-over: plain data for `postMessage`.
 *
 * Must hold:
 * - `counters` and `UserLevels` are cumulative: `ThreadMerger` takes differences, so a late interval loses nothing of them. The
 *   levels of a thread that died are 0: a difference below 0 counts as 0.
 * - All else is new since the last hand-over, and is added once.
 * - Histograms are in microseconds, trends in the unit of the scenario.
 * - Errors and exceptions are redacted; names of checks and groups, and tags, are as scenario code gave them.
 */
export interface ThreadInterval {
  readonly thread: number;
  /** The thread's cumulative counters at the hand-over. */
  readonly counters: Float64Array;
  readonly scenarios: readonly ScenarioInterval[];
  /** Only operations with new measurements. */
  readonly operations: readonly OperationInterval[];
  /** Response times by the second of their intended start, overall. */
  readonly intended: readonly (readonly [second: number, times: HistogramSnapshot])[];
  readonly pacerLag: HistogramSnapshot;
  readonly checks: readonly CheckInterval[];
  readonly metrics: readonly MetricInterval[];
  /** Only groups that ended. */
  readonly groups: readonly GroupInterval[];
  readonly errors: readonly ErrorInterval[];
  readonly errorsNotKept: number;
  readonly exceptions: readonly ExceptionInterval[];
}

/** Health of one generator thread. */
export interface ThreadHealthSample {
  /** Event-loop utilisation since the last sample, 0 to 1. */
  readonly utilization: number;
  readonly meanUtilization: number;
  readonly delayP50Ms: number | null;
  readonly delayP99Ms: number | null;
  readonly delayMaxMs: number | null;
  readonly gcMs: number;
  /** CPU time of the thread; null if the system does not provide it. */
  readonly cpuSeconds: number | null;
  readonly connectionsOpened: number;
  readonly protocol: HttpProtocol | undefined;
}

/** Users of a scenario in one thread, as its executor counts them; times are cumulative, from its start. */
export interface UserLevels {
  /** Active now. */
  readonly users: number;
  /** Wanted by the plan now. */
  readonly targetUsers: number;
  /** Iterations in flight. */
  readonly inFlight: number;
  /** Most users that were active at once. */
  readonly maxUsers: number;
  /** Active users times milliseconds up to now; 0 for an open executor, whose load is its arrivals. */
  readonly userMs: number;
  /** Milliseconds to the moment after which no iteration starts, or to now if that is earlier; pauses do not count. */
  readonly loadMs: number;
  /** The part of `userMs` in that time. */
  readonly loadUserMs: number;
}

/** A scenario at the hand-over of an interval. */
export interface ScenarioInterval extends UserLevels {
  readonly iterationDuration: HistogramSnapshot;
}

/** Service times by outcome (its index) and HTTP status (0: no answer); only pairs that occurred. */
export type ServiceByStatus = readonly (readonly [
  outcome: number,
  status: number,
  times: HistogramSnapshot,
])[];

export interface OperationInterval {
  readonly index: number;
  readonly statuses: readonly (readonly [status: number, count: number])[];
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Requests that were sent again, because there was evidence that the server had not read them. */
  readonly retries: number;
  /** Indexed by outcome. */
  readonly response: readonly (HistogramSnapshot | undefined)[];
  readonly service: readonly (HistogramSnapshot | undefined)[];
  /** What `service` is the sum of; absent: not known, as in what was read from a journal. */
  readonly serviceByStatus?: ServiceByStatus;
  readonly queueWait: HistogramSnapshot;
  /** Indexed as `PHASES`. */
  readonly phases: readonly HistogramSnapshot[];
  /** Time in flight of interrupted requests. */
  readonly interruptedAge: HistogramSnapshot;
  /** Of operations whose responses are streamed. */
  readonly streams?: StreamInterval | undefined;
  /** Requests that carried a `traceparent`; absent: none. */
  readonly traced?: TracedRequests | undefined;
  /** The same per HTTP status, for statuses that a threshold selects. */
  readonly byStatus?: readonly (readonly [status: number, part: OperationInterval])[];
  /** The same per set of tags, of the requests that have tags of their own. */
  readonly byTags?: readonly (readonly [tags: Tags, part: OperationInterval])[];
}

export interface CheckInterval {
  readonly scenario: number;
  readonly name: string;
  readonly passes: number;
  readonly fails: number;
}

/** Durations of one group of a scenario. */
export interface GroupInterval {
  readonly scenario: number;
  /** Path, such as `::checkout`. */
  readonly group: string;
  /** Microseconds. */
  readonly durations: HistogramSnapshot;
}

/** Sums of one custom metric, or of one selection of its samples that a threshold judges. */
export interface MetricInterval {
  readonly scenario: number;
  readonly name: string;
  /** Index of the selection; -1: all samples. */
  readonly selection: number;
  readonly samples: number;
  /** Counter: total. Rate: number of non-zero samples. Gauge: last value. */
  readonly value: number;
  /** Infinity without samples; `max` -Infinity. */
  readonly min: number;
  readonly max: number;
  readonly rejected: number;
  readonly trend: TrendSnapshot | undefined;
}

/** The first request of a group of errors, or the first with a trace id. Times are milliseconds since the start of the run. */
export interface ErrorSample {
  readonly atMs: number;
  /** 0: no response; null, as for user and iteration: not known. */
  readonly status: number | null;
  readonly message: string;
  readonly request: string;
  readonly body: string;
  readonly user: number | null;
  readonly iteration: number | null;
  /** Of its `traceparent`; absent: it carried none. */
  readonly traceId?: string;
}

export interface ErrorInterval {
  readonly operation: number;
  /** Index into OUTCOMES. */
  readonly outcome: number;
  readonly code: string;
  readonly message: string;
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly sample: ErrorSample;
}

export interface ExceptionInterval {
  readonly scenario: number;
  readonly message: string;
  readonly traceback: string;
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
}
