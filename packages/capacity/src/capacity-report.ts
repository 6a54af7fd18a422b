import { criticalT } from '@jarvis-load/compare/student-t';
import { fitUsl, type UslFit } from './fit-usl.ts';
import { scatterNotes, unprovenNotes } from './confirmation.ts';
import { slowdowns } from './slowdowns.ts';
import type { CapacityRound } from './capacity-round.ts';

/*
 * What `capacity.json` holds: the types of this file, `capacity-round.ts`, `step.ts`, `answer.ts` and `UslFit`.
 * The caller redacts the report before it shows or writes it.
 */

const CONFIDENCE = 0.95;

/** Where the answer of repeated searches lies. */
export interface CapacityInterval {
  /** Searches that found a level. */
  readonly searches: number;
  readonly mean: number;
  readonly least: number;
  readonly most: number;
  /** 95 % interval of the mean by Student's t; it assumes searches that are independent and spread normally. */
  readonly low: number;
  readonly high: number;
}

/** The report of a search or a sweep. */
export interface CapacityReport {
  readonly schemaVersion: 1;
  readonly kind: 'jarvis-load.capacity';
  readonly generator: { readonly name: string; readonly version: string };
  readonly id: string;
  readonly startedAt: string;
  readonly mode: 'search' | 'sweep';
  readonly unit: 'rate' | 'users';
  readonly target: { readonly name: string; readonly url: string };
  readonly scenarios: readonly string[];
  /** Of the search, as asked for; null in a sweep. */
  readonly precision: number | null;
  readonly rounds: readonly CapacityRound[];
  /** null: fewer than two searches found a level. */
  readonly interval: CapacityInterval | null;
  /** null: it does not explain the points. */
  readonly usl: UslFit | null;
  /** Sentences on what a reader should know. */
  readonly notes: readonly string[];
}

/** Puts the report together. */
export function capacityReport(
  head: Omit<CapacityReport, 'schemaVersion' | 'kind' | 'interval' | 'usl'>,
): CapacityReport {
  const { rounds } = head;
  const steps = rounds.flatMap((round) => round.steps);
  const found = rounds.flatMap(({ answer }) => (answer?.kind === 'found' ? [answer.level] : []));
  return {
    schemaVersion: 1,
    kind: 'jarvis-load.capacity',
    ...head,
    interval: found.length < 2 ? null : intervalOf(found),
    usl: fitUsl(steps) ?? null,
    notes: [
      ...head.notes,
      ...slowdowns(rounds, head.unit),
      ...unprovenNotes(rounds),
      ...scatterNotes(rounds),
    ],
  };
}

function intervalOf(levels: readonly number[]): CapacityInterval {
  const count = levels.length;
  const mean = levels.reduce((sum, level) => sum + level, 0) / count;
  const variance = levels.reduce((sum, level) => sum + (level - mean) ** 2, 0) / (count - 1);
  const half = criticalT(1 - CONFIDENCE, count - 1) * Math.sqrt(variance / count);
  return {
    searches: count,
    mean,
    least: Math.min(...levels),
    most: Math.max(...levels),
    low: Math.max(0, mean - half),
    high: mean + half,
  };
}
