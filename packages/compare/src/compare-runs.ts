/**
 * Compares two sides of one or more runs each, a run being its result document. Pure and seeded.
 *
 * Must hold:
 * - The caller asks `obstaclesBetween` first and refuses, or overrides them and passes them as `obstacles`: these are only copied
 *   into the comparison, and nothing is refused here.
 * - `paired` counts only for sides of equal length above 1; the caller has put run k of both sides into the same round.
 * - All effects are measured before the first is judged: Holm's levels depend on their number.
 * - Each operation draws from a random stream of its own, numbered by its place in the first run of the base: what one operation
 *   draws does not change what another one draws.
 */
import { deriveRandom } from '@jarvis-load/engine/random';
import type { RunResult } from '@jarvis-load/engine/result';
import { blocksOf, mergedBlocks, type BlockData } from './block-data.ts';
import { BlockEffects, LEAST_BLOCKS } from './block-effects.ts';
import type { ComparedRun, Comparison, MetricComparison, Obstacle } from './comparison.ts';
import { differencesOf } from './differences.ts';
import type { Effect } from './effect.ts';
import { timedRuns, type TimedRuns, type TimedSubject } from './busy-machine.ts';
import { findingOf, judgeMetric } from './findings.ts';
import { holmLevels } from './holm.ts';
import {
  DEFAULT_TOLERANCES,
  FURTHER,
  METRICS,
  TOLERANCE_OF,
  type FurtherMetric,
  type Metric,
  type Tolerances,
} from './metrics.ts';
import { runEffect } from './run-effects.ts';
import { figureOfSide, statsIn, tooFew, type StatsOfRuns } from './side.ts';

/** The findings of a whole report are wrong with at most this probability; those in `further` are corrected apart, likewise. */
const ALPHA = 0.05;
const SEED = 20_261_128;
const ALL = '*';

/** Options of {@link compareRuns}. */
export interface CompareOptions {
  /** @default DEFAULT_TOLERANCES */
  readonly tolerances?: Tolerances;
  /**
   * Run k of one side was made right beside run k of the other (A B A B): what the machine did is then part of the spread of
   * both. @default false
   */
  readonly paired?: boolean;
  /** Also judge response times and throughput of runs whose machine lacked processor time. @default false */
  readonly ignoreMachine?: boolean;
  /** Obstacles that the user overrides, for the report. @default none */
  readonly obstacles?: readonly Obstacle[];
  /** Of the bootstrap. The same runs and seed always give the same comparison. @default a constant */
  readonly seed?: number;
}

interface Subject {
  readonly scenario: string;
  readonly operation: string;
  readonly base: StatsOfRuns;
  readonly candidate: StatsOfRuns;
  /** Those of the runs whose response times and throughput count. */
  readonly timed: Timed;
  readonly blocks: BlockEffects | undefined;
}

interface Timed {
  readonly base: StatsOfRuns;
  readonly candidate: StatsOfRuns;
  /** Why these figures cannot be compared; undefined where they can. */
  readonly busy: string | undefined;
  /** What was left out. */
  readonly notes: readonly string[];
}

interface Measured<M extends Metric | FurtherMetric> {
  readonly metric: M;
  readonly effect: Effect | undefined;
  /** Why there is no effect. */
  readonly reason: string | null;
}

/**
 * Per operation and in total: response times of good answers, errors and throughput.
 * @throws RangeError for a side without a run
 */
export function compareRuns(
  base: readonly RunResult[],
  candidate: readonly RunResult[],
  options: CompareOptions = {},
): Comparison {
  if (base.length === 0 || candidate.length === 0) throw new RangeError('each side needs at least one run');
  const tolerances = options.tolerances ?? DEFAULT_TOLERANCES;
  const byRuns = base.length > 1 || candidate.length > 1;
  const paired = options.paired === true && base.length === candidate.length && base.length > 1;
  const timedOf = (statsOf: TimedSubject['statsOf']): TimedRuns =>
    timedRuns(base, candidate, paired || options.ignoreMachine === true, {
      statsOf,
      tolerance: tolerances.p50,
    });
  const subjects = subjectsOf(base, candidate, timedOf, options.seed ?? SEED);
  const manner = { byRuns, paired };
  const measured = subjects.map((subject) => ({
    metrics: METRICS.map((metric) => measure(subject, metric, manner)),
    further: FURTHER.map((metric) => measure(subject, metric, manner)),
  }));
  // Only the former decide the finding: the others must not cost them power.
  const effects = measured.flatMap(({ metrics }) => metrics).flatMap(({ effect }) => effect ?? []);
  const others = measured.flatMap(({ further }) => further).flatMap(({ effect }) => effect ?? []);
  const levels = new Map([...levelsOf(effects), ...levelsOf(others)]);
  const [total, ...operations] = subjects.map((subject, index) => {
    const judge = <M extends Metric | FurtherMetric>(
      { metric, effect, reason }: Measured<M>,
      tolerance: Metric,
    ): MetricComparison<M> =>
      judgeMetric({
        metric,
        base: figureOfSide(statsFor(subject, metric).base, metric),
        candidate: figureOfSide(statsFor(subject, metric).candidate, metric),
        effect,
        alpha: effect === undefined ? ALPHA : levels.get(effect)!,
        tolerance: tolerances[tolerance],
        reason,
      });
    const metrics = measured[index]!.metrics.map((each) => judge(each, each.metric));
    const further = measured[index]!.further.map((each) => judge(each, TOLERANCE_OF[each.metric]));
    const { scenario, operation } = subject;
    return { scenario, operation, finding: findingOf(metrics), metrics, further };
  });
  return {
    kind: 'jarvis-load.comparison',
    schemaVersion: 1,
    method: paired ? 'pairs' : byRuns ? 'runs' : 'blocks',
    confidence: 1 - ALPHA,
    tests: effects.length,
    tolerances,
    base: base.map(describe),
    new: candidate.map(describe),
    finding: findingOf([total!, ...operations]),
    total: total!,
    operations,
    obstacles: options.obstacles ?? [],
    notes: [...notesOf(subjects), ...differencesOf(base, candidate)],
  };
}

/** Levels corrected for one another. */
function levelsOf(effects: readonly Effect[]): (readonly [Effect, number])[] {
  const levels = holmLevels(
    effects.map(({ pValue }) => pValue),
    ALPHA,
  );
  return effects.map((effect, index) => [effect, levels[index]!] as const);
}

/** The totals first, then every operation that all runs have. */
function subjectsOf(
  base: readonly RunResult[],
  candidate: readonly RunResult[],
  timedOf: (statsOf: TimedSubject['statsOf']) => TimedRuns,
  seed: number,
): Subject[] {
  const timedStats = (statsOf: TimedSubject['statsOf']): Timed => {
    const { base: quietBase, candidate: quietNew, reason, notes } = timedOf(statsOf);
    return { base: quietBase.map(statsOf), candidate: quietNew.map(statsOf), busy: reason, notes };
  };
  const [a, b] = [base[0]!, candidate[0]!];
  const single = base.length === 1 && candidate.length === 1;
  const effects = (read: (run: RunResult) => BlockData | undefined, stream: number, drift?: number) => {
    const [one, other] = single ? [read(a), read(b)] : [];
    return one === undefined || other === undefined
      ? undefined
      : new BlockEffects(one, other, deriveRandom(seed, stream), drift);
  };
  const all = effects(
    (run) =>
      mergedBlocks(run.operations.flatMap((each) => blocksOf(run, each.scenario, each.operation) ?? [])),
    0,
  );
  const common = a.operations.flatMap(({ scenario, operation }, index) => {
    const sides = [base, candidate].map((side) => statsIn(side, scenario, operation));
    const [one, other] = sides;
    if (one === undefined || other === undefined) return [];
    const blocks = effects((run) => blocksOf(run, scenario, operation), index + 1, all?.drift);
    const timed = timedStats((run) => statsIn([run], scenario, operation)![0]!);
    return [{ scenario, operation, base: one, candidate: other, timed, blocks }];
  });
  const totalsOf = (runs: readonly RunResult[]): StatsOfRuns => runs.map((run) => run.totals);
  const totals = {
    base: totalsOf(base),
    candidate: totalsOf(candidate),
    timed: timedStats((run) => run.totals),
  };
  return [{ scenario: ALL, operation: ALL, ...totals, blocks: all }, ...common];
}

/** What was left out of the totals; of an operation where that differs. */
function notesOf([total, ...operations]: readonly Subject[]): string[] {
  const all = total!.timed.notes;
  const further = operations.flatMap(({ scenario, operation, timed }) =>
    timed.notes.filter((note) => !all.includes(note)).map((note) => `${scenario}: ${operation}: ${note}`),
  );
  return [...all, ...further];
}

/** The runs of both sides that a figure is taken from. */
function statsFor(
  subject: Subject,
  metric: Metric | FurtherMetric,
): { base: StatsOfRuns; candidate: StatsOfRuns } {
  return metric === 'errors' ? subject : subject.timed;
}

/** How effects are measured. */
interface Manner {
  readonly byRuns: boolean;
  readonly paired: boolean;
}

function measure<M extends Metric | FurtherMetric>(
  subject: Subject,
  metric: M,
  { byRuns, paired }: Manner,
): Measured<M> {
  const { blocks, timed } = subject;
  const { base, candidate } = statsFor(subject, metric);
  const none = (reason: string): Measured<M> => ({ metric, effect: undefined, reason });
  const [a, b] = [figureOfSide(base, metric), figureOfSide(candidate, metric)];
  if (a === null || b === null) return none('no good answer');
  if (metric === 'max') return none('one answer alone makes a maximum: it is not judged');
  if (tooFew(base, metric) || tooFew(candidate, metric)) return none('too few samples beyond it');
  if (timed.busy !== undefined && metric !== 'errors') return none(timed.busy);
  if (byRuns) {
    const effect = runEffect(base, candidate, metric, paired);
    return effect === undefined ? none('a run has no value') : { metric, effect, reason: null };
  }
  if (blocks === undefined) return none('no blocks of time in the document, as in those of older versions');
  const logRatio = Math.log(b / a);
  if (metric !== 'errors' && !Number.isFinite(logRatio)) return none('a value is zero');
  const effect = metric === 'errors' ? blocks.errors() : blocks.ratio(metric, logRatio);
  if (effect === undefined)
    return none(
      `a run of less than ${LEAST_BLOCKS} s, with long gaps, or that drifts as slowly as it is long`,
    );
  return { metric, effect, reason: null };
}

function describe({ run, target, totals, verdict }: RunResult): ComparedRun {
  return {
    id: run.id,
    startedAt: run.startedAt,
    durationMs: run.durationMs,
    requests: totals.requests,
    target: target.name === target.url ? target.url : `${target.name} ${target.url}`.trim(),
    verdict: verdict.status,
    tags: run.tags,
  };
}
