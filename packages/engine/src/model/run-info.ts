import type { ResultNote, RunResult } from '../document/schema.ts';
import type { Objective } from './objective.ts';
import type { ResolvedExecutor } from './resolved-executor.ts';
import type { Demand, HttpMethod, MetricKind, Tags, Thresholds } from './scenario.ts';
import type { StreamFormat } from './stream.ts';
import type { ExceptionPart } from './snapshot-part.ts';

/*
 * The two parts of the written record of a run that are no intervals: `RunInfo` before the load, `RunEnd` after it. Plain data;
 * `replay/run-text.ts` writes and reads them.
 *
 * Must hold:
 * - The document of a run is made of these and its `SnapshotRecord`s alone. Earlier journals lack a field that is added:
 *   it is optional, or `RECORD_FORMAT` rises. `parseRunEnd` names each field of `RunEnd`; `parseRunInfo` keeps all.
 * - `config`, tags, notes and texts are as given: who writes them to a file redacts them.
 */

/** A scenario as the run knows it. */
export interface ScenarioInfo {
  readonly name: string;
  readonly description?: string;
  /** With every default filled in; `plannedDurationMs` is Infinity for an executor without an end of its own. */
  readonly executor: ResolvedExecutor;
  /** Of the scenario and of its executor. */
  readonly tags: Tags;
  readonly demand?: Demand;
  /** As declared. */
  readonly thresholds: Thresholds;
  /** Names of the tags that single requests may have; absent: none. */
  readonly requestTags?: readonly string[];
}

export interface OperationInfo {
  readonly scenario: string;
  readonly operation: string;
  readonly method: HttpMethod;
  readonly route: string;
  /** Absent: none. */
  readonly tags?: Tags;
  /** How its responses are streamed; absent: they are not. */
  readonly stream?: StreamFormat;
  /** When a streamed response is good, as written. */
  readonly good?: string;
}

/** A custom metric. */
export interface MetricInfo {
  readonly name: string;
  readonly kind: MetricKind;
  /** As declared; absent: none. */
  readonly unit?: 'ms' | 's' | 'bytes' | 'count';
  /** Those that declare it. */
  readonly scenarios: readonly string[];
  /** Tags by which thresholds select samples of it. */
  readonly selections: readonly Tags[];
}

/** A threshold, checked. */
export interface ThresholdInfo {
  /** With its selector, such as `http_req_duration{operation:chat.send}`. */
  readonly metric: string;
  /** As written, such as `p(95)<500`. */
  readonly expression: string;
  /** The scenario that declared it; null: the run. */
  readonly scenario: string | null;
  readonly limit: number;
  /** Of the limit: `ms`, `share`, `count`, `per second`, `bytes`, ... or empty. */
  readonly unit: string;
  /** Judged over every window of this length; null: over the whole run. */
  readonly windowMs: number | null;
  readonly abortOnFail: boolean;
}

/** What is known of a run before its load, and stays: every part of the document that is not measured. Plain data. */
export interface RunInfo {
  /** Version of this object, of snapshots and of the end. */
  readonly format: 1 | 2 | 3;
  /** Name and version of this engine. */
  readonly generator: RunResult['generator'];
  /** As in the document and in the header `x-load-run-id`. */
  readonly runId: string;
  /** Of the schedule and of the random streams. */
  readonly seed: number;
  /** When the run was started, before warm-up and setup, milliseconds since the epoch. Its clock starts later: see `SnapshotRecord.startWallMs`. */
  readonly preparedWallMs: number;
  /** Without the protocol, which is known once a connection is open. */
  readonly target: RunResult['target'];
  /** The machine that makes the load. */
  readonly environment: RunResult['environment'];
  /** Labels of the run. */
  readonly tags: Tags;
  /** As given in `describe.config`. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Notes of the document so far. */
  readonly notes: readonly ResultNote[];
  /** From the start of the clock to the moment after which no iteration starts, in milliseconds; null: the run has no end of its own. */
  readonly plannedDurationMs: number | null;
  /** Threads that make the load. */
  readonly threads: number;
  /** Which part of the run this is; absent: all of it, or a journal that does not tell. */
  readonly part?: { readonly index: number; readonly of: number };
  /** In the order of every list by scenario. */
  readonly scenarios: readonly ScenarioInfo[];
  /** Of every scenario, in the order of every list by operation. */
  readonly operations: readonly OperationInfo[];
  /** Custom metrics. */
  readonly metrics: readonly MetricInfo[];
  /** Thresholds of scenarios, then of the run. */
  readonly thresholds: readonly ThresholdInfo[];
  /** Promises per operation, with their limits. */
  readonly objectives: readonly Objective[];
  /** How the run is judged. */
  readonly judging: {
    /** Thresholds of the run, as given. */
    readonly thresholds: Thresholds;
    readonly strict: boolean;
    readonly maxDroppedShare: number;
    /** The run is on the machine's clock: what the machine does counts. */
    readonly realTime: boolean;
    readonly http2: boolean;
  };
}

/** What a run adds to its record after the last snapshot. Plain data. */
export interface RunEnd {
  readonly end: RunResult['run']['end'];
  readonly pausedMs: number;
  readonly warmUpRequests: number;
  /** Of this process from the start of the run to its end; null on a virtual clock. */
  readonly cpuSeconds: number | null;
  readonly machineCpuShare: number | null;
  /** Exceptions that came after the last snapshot. */
  readonly exceptions: readonly ExceptionPart[];
  /** Notes of the document that are new since the last snapshot. */
  readonly notes: readonly ResultNote[];
}
