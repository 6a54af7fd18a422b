/*
 * A step of a search: what is asked for, and how it ended. `capacity.json` holds `CapacityStep` as it is: members are neither
 * renamed nor removed, and new ones are optional.
 */

/** Why a level is run. */
export type StepPurpose = 'climb' | 'descend' | 'bisect' | 'confirm' | 'recheck' | 'sweep';

/** A run that the search asks for. */
export interface StepPlan {
  /** 1-based, over all steps of one search or sweep; a repetition has the number of the step that it repeats. */
  readonly step: number;
  /** 1 for the first run of the step. */
  readonly attempt: number;
  /** Iterations per second, or users. */
  readonly level: number;
  readonly purpose: StepPurpose;
  readonly durationMs: number;
}

/**
 * What a run says about its level. `pass`: no promise failed; it proves something only if `isProven`. `fail`: a promise failed,
 * load was refused, dropped or piled up, or the run itself went wrong (`isInvalid`). `busy`: the generator or the machine was the limit,
 * so that a failure says nothing about the target. `refused`: the permission of the target does not cover the level, and nothing was sent.
 */
export type StepStatus = 'pass' | 'fail' | 'busy' | 'refused';

/** A promise as measured: the one that failed by most, or the one nearest to its limit. */
export interface BrokenPromise {
  /** Such as `objective chat.send p99`. */
  readonly name: string;
  /** With its unit, such as `840 ms`. */
  readonly measured: string;
  /** Likewise. */
  readonly limit: string;
}

/** The figures of a run that the curve shows. Response times in milliseconds; null where there is no sample. */
export interface StepFigures {
  /** Planned iterations per second; null in a closed model. */
  readonly offeredPerSecond: number | null;
  /** Completed iterations per second. */
  readonly iterationsPerSecond: number;
  readonly requestsPerSecond: number;
  /** Requests per second with outcome ok. */
  readonly goodPerSecond: number;
  readonly failureShare: number | null;
  readonly rateLimitedShare: number | null;
  readonly droppedShare: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly meanMs: number | null;
  /** Standard error of `meanMs` as a share of it, by ten parts of the run; absent: not known. */
  readonly meanError?: number;
  /** Mean number of iterations in flight. */
  readonly inFlight: number | null;
  /** Of streamed responses; absent: the run had none, or it was written before they were measured. */
  readonly streams?: StreamFigures;
}

/** What the curve shows of streamed responses; null where there is no sample. */
export interface StreamFigures {
  /** The operation whose times these are: that with the most tokens, without tokens that with the most streams. */
  readonly operation: string;
  /** Intended start to first content. */
  readonly ttftP50Ms: number | null;
  readonly ttftP95Ms: number | null;
  readonly ttftP99Ms: number | null;
  /** Output tokens of all operations, per second. */
  readonly tokensPerSecond: number;
  /** Good streams of those that were planned, 0 to 1; null: no objective says which are good. */
  readonly goodput: number | null;
}

/** How a run of the search ended. */
export interface StepOutcome {
  readonly status: StepStatus;
  /** Sentences: why it did not pass, or what limits a pass. */
  readonly reasons: readonly string[];
  /** The promise that failed by most; absent where none failed. */
  readonly broken?: BrokenPromise;
  /** Of the promises that passed, the one nearest to its limit; absent where none passed. */
  readonly tightest?: BrokenPromise;
  /** A sentence on the rate limit that was hit; absent: none was. */
  readonly rateLimit?: string;
  /** Promises with too few samples to be proven. */
  readonly unproven: readonly string[];
  /** Promises without any data; absent: none. Such a pass proves nothing. */
  readonly withoutData?: readonly string[];
  /** Whether only the run went wrong, such as its setup: a failure that says nothing of the target. @default false */
  readonly isInvalid?: boolean;
  /** null: nothing was sent. */
  readonly figures: StepFigures | null;
  /** False: afterwards the target did not answer as it did before the search, within the time for it. */
  readonly recovered: boolean;
  /** Id of the run, its folder; null: nothing was sent. */
  readonly runId: string | null;
  readonly startedAt: string | null;
}

/** A run of the search, with what it was for. */
export interface CapacityStep extends StepPlan, StepOutcome {}
