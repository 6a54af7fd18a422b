/**
 * The comparison of runs as a document: `compareRuns` makes it, views render it, and the command line writes it as
 * `comparison.json`. Other programs read that file, so a changed member needs another `schemaVersion`.
 */
import type { RunResult } from '@jarvis-load/engine/result';
import type { FurtherMetric, Metric, Tolerances } from './metrics.ts';

/** What a comparison says of a figure, an operation, or the whole. */
export type Finding = 'worse' | 'better' | 'no-difference' | 'cannot-tell';

/** One figure of one operation on both sides. */
export interface MetricComparison<M extends Metric | FurtherMetric = Metric> {
  readonly metric: M;
  /** Milliseconds, a share, or requests per second; of several runs their geometric mean, of errors the mean. */
  readonly base: number | null;
  readonly new: number | null;
  /** New over base, less 1; of errors new less base. */
  readonly change: number | null;
  /** Of `change`, at a level that makes the whole report wrong in at most 5 %; those of `further` are corrected apart. */
  readonly interval: readonly [low: number, high: number] | null;
  readonly finding: Finding;
  /** Size of the largest change that the interval allows, where the finding is no-difference. */
  readonly atMost: number | null;
  /** Why it cannot be told, or that a real change is within the tolerance; null: neither. */
  readonly reason: string | null;
}

/** One operation on both sides, or all of them. */
export interface OperationComparison {
  /** `*`: all. */
  readonly scenario: string;
  readonly operation: string;
  readonly finding: Finding;
  readonly metrics: readonly MetricComparison[];
  /**
   * Further response times of good answers. `finding` is of `metrics` alone. A maximum is one answer, so nothing is known of its
   * spread: it has no interval and is never judged.
   */
  readonly further: readonly MetricComparison<FurtherMetric>[];
}

/** A run of a side. */
export interface ComparedRun {
  readonly id: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly requests: number;
  readonly target: string;
  readonly verdict: RunResult['verdict']['status'];
  readonly tags: Readonly<Record<string, string>>;
}

/** Why runs should not be compared. */
export interface Obstacle {
  /** Stable, such as `other-load`. */
  readonly code: string;
  readonly text: string;
  /** The run itself is unusable, whatever it is compared with. */
  readonly invalid: boolean;
}

/** The comparison of two sides, each of one or more runs, in the order in which the caller gave them: oldest first. */
export interface Comparison {
  readonly kind: 'jarvis-load.comparison';
  readonly schemaVersion: 1;
  /** `blocks`: one run a side, by blocks of time; `runs`: by the spread between runs; `pairs`: of interleaved runs. */
  readonly method: 'blocks' | 'runs' | 'pairs';
  /** Of the whole report: the probability that nothing in it is called worse or better wrongly. */
  readonly confidence: number;
  /** Differences that were tested together. */
  readonly tests: number;
  readonly tolerances: Tolerances;
  readonly base: readonly ComparedRun[];
  readonly new: readonly ComparedRun[];
  readonly finding: Finding;
  readonly total: OperationComparison;
  readonly operations: readonly OperationComparison[];
  /** Obstacles that were overridden. */
  readonly obstacles: readonly Obstacle[];
  readonly notes: readonly string[];
}
