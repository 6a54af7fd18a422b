import type { Outcome } from '../outcome.ts';
import type { HistogramSnapshot, TrendSnapshot } from './histogram-snapshot.ts';
import type { StreamInterval } from './stream-interval.ts';
import type { Tags } from './tags.ts';
import type { ErrorSample } from './thread-interval.ts';
import type { TracedRequests } from './traced-request.ts';

/*
 * What was measured in one interval, or in the run so far (`SnapshotPart`): plain data, for outputs and the written record.
 *
 * Must hold: a new field is written by `aggregation/snapshot-part.ts` and `replay/serialize-snapshot.ts`, and read by
 * `replay/parse-snapshot.ts` and `aggregation/read-part.ts`; a field that one of them omits is missing from a replayed document.
 * Earlier journals lack it. `serviceByStatus` is for outputs alone. A new count of `ScenarioCounts` also goes into `SCENARIO_COUNTERS` (`recorder/counters.ts`): threads
 * count, and readers read, those listed there.
 */

/** Iterations of a scenario, by what became of them. */
export interface ScenarioCounts {
  readonly planned: number;
  readonly started: number;
  readonly completed: number;
  /** Ended with an exception. */
  readonly failed: number;
  /** Planned, but never started. */
  readonly dropped: number;
  readonly interrupted: number;
  /** Completed, but with requests or waits that its code did not await. */
  readonly notAwaited: number;
  /** Users whose `onStart` exceeded its time limit. */
  readonly startTimeouts: number;
}

/** Measurements of one scenario. */
export interface ScenarioPart {
  /** Its name. */
  readonly scenario: string;
  /** Iterations. */
  readonly counts: ScenarioCounts;
  /** Of completed iterations, microseconds. */
  readonly iterationDuration: HistogramSnapshot;
  /** Active at the end of the interval; in `delta` and `total` alike. */
  readonly users: number;
  /** Wanted by the plan at the end of the interval; in `delta` and `total` alike. */
  readonly targetUsers: number;
  /** Iterations in flight at the end of the interval; in `delta` and `total` alike. */
  readonly inFlight: number;
  /** Most users at once since the start of the run; in `delta` and `total` alike. */
  readonly maxUsers: number;
  /** Active users times milliseconds; divided by the duration it gives their mean. */
  readonly userMs: number;
  /** Milliseconds in which iterations started, since the start of the run; in `delta` and `total` alike. */
  readonly loadMs: number;
  /** The part of `userMs` in that time. */
  readonly loadUserMs: number;
}

/** Phases of a request, by k6's names. */
export type RequestPhase = 'blocked' | 'connecting' | 'tlsHandshaking' | 'sending' | 'waiting' | 'receiving';

/** Requests of one operation, or those of them with one status. Histograms hold microseconds. */
export interface RequestsPart {
  /** Completed requests. */
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Completed requests by HTTP status; 0: no answer. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Requests that the end of the run, or of their user, cut off. */
  readonly interrupted: number;
  /** Bodies of requests. */
  readonly bytesSent: number;
  /** Bodies of answers. */
  readonly bytesReceived: number;
  /** Requests sent again, because there was evidence that the server never read them. */
  readonly retries: number;
  /** From the intended start to the end; only outcomes that occurred. */
  readonly response: Readonly<Partial<Record<Outcome, HistogramSnapshot>>>;
  /** From the first byte sent to the end; only outcomes that occurred. */
  readonly service: Readonly<Partial<Record<Outcome, HistogramSnapshot>>>;
  /** From the moment the request was handed out to its first byte sent. */
  readonly queueWait: HistogramSnapshot;
  /** k6's phases. */
  readonly phases: Readonly<Record<RequestPhase, HistogramSnapshot>>;
  /** How long interrupted requests had been in flight. */
  readonly interruptedAge: HistogramSnapshot;
  /** Of operations whose responses are streamed. */
  readonly streams?: StreamInterval;
  /** Requests that carried a `traceparent`; absent: none. */
  readonly traced?: TracedRequests;
}

/** Measurements of one operation of one scenario. */
export interface OperationPart extends RequestsPart {
  /** Name of the scenario. */
  readonly scenario: string;
  /** Name of the operation. */
  readonly operation: string;
  /** The same for single statuses; only for those that a threshold selects. */
  readonly byStatus: Readonly<Record<string, RequestsPart>>;
  /**
   * The parts of `service` by HTTP status (0: no answer). In a `delta` only; absent in `total` and in what was read from a journal,
   * as no document has it.
   */
  readonly serviceByStatus?: Readonly<Partial<Record<Outcome, Readonly<Record<string, HistogramSnapshot>>>>>;
  /** The same for requests with tags of their own, by set of tags; absent: there are none. */
  readonly byTags?: readonly TaggedPart[];
}

/** Requests of an operation with the same tags of their own. */
export interface TaggedPart extends RequestsPart {
  /** Of the requests themselves; with `group`. */
  readonly tags: Tags;
  /** As of the operation. */
  readonly byStatus: Readonly<Record<string, RequestsPart>>;
}

export interface CheckPart {
  readonly scenario: string;
  readonly name: string;
  readonly passes: number;
  readonly fails: number;
}

/** How long the work of one group of a scenario took, think times included. */
export interface GroupPart {
  readonly scenario: string;
  /** Path, such as `::checkout`; `(other)`: of the groups beyond the first 100. */
  readonly group: string;
  /** Microseconds. */
  readonly durations: HistogramSnapshot;
}

/** A custom metric of one scenario, or a selection of its samples. */
export interface MetricPart {
  readonly scenario: string;
  readonly name: string;
  /** Place in `selections` of this metric in `RunInfo.metrics`; -1: all samples. */
  readonly selection: number;
  readonly samples: number;
  /** Counter: the sum. Rate: number of non-zero samples. Gauge: the last value. Trend: 0. */
  readonly value: number;
  /** Null without samples, as `max`. */
  readonly min: number | null;
  readonly max: number | null;
  /** Values that were negative or not finite. */
  readonly rejected: number;
  /** Distribution of a trend; null for other kinds. */
  readonly trend: TrendSnapshot | null;
}

/** Failed requests with the same operation, outcome, code and message. Times are milliseconds since the start of the run. */
export interface ErrorPart {
  readonly scenario: string;
  readonly operation: string;
  readonly outcome: Outcome;
  readonly code: string;
  /** Redacted, as is the example; text of the target: escape it for where it is shown. */
  readonly message: string;
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /**
   * The first of them in the run, or the first one with a trace id; null in a `delta` if an earlier one had it.
   */
  readonly example: ErrorSample | null;
}

/** Exceptions of scenario code with the same message. Times are milliseconds since the start of the run. */
export interface ExceptionPart {
  /** Null: of no scenario that is known. */
  readonly scenario: string | null;
  readonly message: string;
  /** Of the first of them; null in a `delta` if an earlier one had it. */
  readonly traceback: string | null;
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** What was measured in one interval (`delta`) or since the start (`total`): plain data. */
export interface SnapshotPart {
  /** Of the interval, or of the run so far. */
  readonly durationMs: number;
  /** Every scenario, in the order of `RunInfo.scenarios`. */
  readonly scenarios: readonly ScenarioPart[];
  /** Only operations with a measurement, in the order of `RunInfo.operations`. */
  readonly operations: readonly OperationPart[];
  /** Lateness of the generator at handing out iterations, in microseconds. */
  readonly pacerLag: HistogramSnapshot;
  /** Checks that were evaluated. */
  readonly checks: readonly CheckPart[];
  /** Only metrics with a value, rejected ones included. */
  readonly metrics: readonly MetricPart[];
  /** Only groups that ended; absent: none did. */
  readonly groups?: readonly GroupPart[];
  /** Failed requests, grouped; in `total` at most 200 groups, and up to 400 with those of the generator's own limits. */
  readonly errors: readonly ErrorPart[];
  /** Failed requests beyond the bounded number of groups. */
  readonly errorsNotKept: number;
  /** Of scenario code. */
  readonly exceptions: readonly ExceptionPart[];
}
