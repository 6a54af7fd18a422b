/*
 * The record of a run: takes its intervals, and makes the document. It knows the run by what can be written down, so a run that
 * is on and one that is read again take the same path.
 *
 * Must hold:
 * - `add` gets each interval once, in order: windows, seconds of the machine and `startWallMs` depend on it.
 * - Data come only as the basis, intervals and the end: what else was used would be missing from a replayed document.
 * - `result` is called once, after the last `add` and `interrupt`: it takes in the exceptions and notes of the end.
 */

import type { ResultNote, RunResult } from '../document/schema.ts';
import { ThresholdJudge } from '../judging/threshold-judge.ts';
import { busiestSecond } from '../machine/busiest-second.ts';
import { RunMachine, type PartOfRun } from '../machine/run-machine.ts';
import { MetricCatalog } from '../metrics/metric-catalog.ts';
import { plannedIterations } from '../executors/planned-iterations.ts';
import { WHOLE_RUN } from '../plan/count-of-part.ts';
import type { CompiledRun } from '../model/compiled-run.ts';
import type { PartOfRun as PartOfSchedule } from '../model/run-options.ts';
import type { SteeringChange } from '../model/steering.ts';
import type { RunEnd, RunInfo } from '../model/run-info.ts';
import { buildResult } from '../result/build.ts';
import { metricResults } from '../result/metric-results.ts';
import { objectiveResults } from '../result/objective-results.ts';
import type { ThresholdOutcome } from '../thresholds/evaluate.ts';
import { readExceptions } from './read-part.ts';
import { HealthRecord } from './health-record.ts';
import type { RecordedInterval } from './merged-interval.ts';
import { protocolNotes, withProtocol } from './protocol.ts';
import { partOfRecord } from './part-of-record.ts';
import { recordedRun } from './recorded-run.ts';
import { RunTotals } from './run-totals.ts';

/** Changes of the load that the document lists: an hour of almost three a second. */
const MOST_CHANGES = 10_000;

/** What a record is made of; the rest of a `RunInfo` follows from it. */
export type RunBasis = Omit<RunInfo, 'thresholds'>;

/** What a merged run is made of. */
interface MergedParts {
  readonly machines: readonly PartOfRun[];
  /** At least one part of the schedule: what others planned is not known here. */
  readonly schedule: readonly PartOfSchedule[];
}

/** The record of a run: takes its intervals, and makes the document. */
export class RunRecord {
  readonly run: CompiledRun;
  readonly catalog: MetricCatalog;
  readonly totals: RunTotals;
  readonly health: HealthRecord;
  readonly #basis: RunBasis;
  readonly #machine: RunMachine | undefined;
  readonly #schedule: readonly PartOfSchedule[];
  readonly #isMerged: boolean;
  readonly #thresholds: ThresholdJudge;
  readonly #notes: ResultNote[];
  /** Changes of the load by the caller, at most `MOST_CHANGES`. */
  readonly #steering: SteeringChange[] = [];
  #changes = 0;
  /** Index of the last interval; Infinity once the document is made. */
  #last = -1;
  #startWallMs: number;

  /**
   * @param merged without it the basis says which part of a schedule it is
   * @throws EngineError `invalid-threshold`
   */
  constructor(basis: RunBasis, merged?: MergedParts) {
    const { judging, objectives } = basis;
    this.#basis = basis;
    this.run = recordedRun(basis);
    this.catalog = new MetricCatalog(this.run);
    this.totals = new RunTotals(this.run);
    this.health = new HealthRecord(basis.threads);
    // Measurements of the machine do not apply to a run on a virtual clock.
    this.#machine = judging.realTime ? new RunMachine(objectives, merged?.machines) : undefined;
    this.#isMerged = merged !== undefined;
    this.#schedule = merged?.schedule ?? [partOfRecord(basis) ?? WHOLE_RUN];
    this.#thresholds = new ThresholdJudge(this.run, judging.thresholds, this.catalog, this.#machine?.looks);
    this.#notes = [...basis.notes];
    this.#startWallMs = basis.preparedWallMs;
  }

  /** Everything that is known of the run before its load. */
  get info(): RunInfo {
    const metrics = this.#basis.metrics.map((metric) => ({
      ...metric,
      selections: (this.catalog.selections.get(metric.name) ?? []).map(({ tags }) => tags),
    }));
    return { ...this.#basis, metrics, thresholds: this.#thresholds.infos };
  }

  /**
   * Takes the next interval; returns the threshold that fails now and asks for the run to end, if there is one: none of a merged
   * run, whose parts have ended by what each of them measured.
   */
  add(interval: RecordedInterval): string | undefined {
    const { index, measures, startMs, endMs, machine } = interval;
    if (index <= this.#last) throw new Error(`interval ${index} comes after interval ${this.#last}`);
    this.#last = index;
    const { total } = this.totals;
    this.#startWallMs = interval.startWallMs;
    this.#notes.push(...interval.notes);
    this.#changes += interval.steering.length;
    this.#steering.push(...interval.steering.slice(0, MOST_CHANGES - this.#steering.length));
    this.#machine?.take(interval.shares ?? [{ machine: 0, now: machine, measures }], total);
    this.health.add(interval.health.threads, interval.health.rssBytes);
    this.totals.add(interval, machine?.second ?? busiestSecond(interval.shares ?? []));
    const mayEnd = !this.#isMerged && !interval.last && interval.phase === 'run';
    return this.#thresholds.watch(measures, total, startMs, endMs, mayEnd, interval.pausedMs);
  }

  /** Thresholds as they stand. */
  get thresholds() {
    return this.#thresholds.standing(this.totals.total);
  }

  /** Outcomes of thresholds that asked for the run to end, by their place. */
  get aborts(): ReadonlyMap<number, ThresholdOutcome> {
    return this.#thresholds.aborts;
  }

  /** Outcomes that ended a part of this run: they stand. */
  keepAborts(aborts: ReadonlyMap<number, ThresholdOutcome>): void {
    this.#thresholds.keep(aborts);
  }

  /** Objectives as they stand. */
  get objectives() {
    const { objectives } = this.#basis;
    return objectiveResults(
      objectives,
      this.run,
      this.totals.total,
      this.#machine?.again,
      this.#offeredShare,
    );
  }

  /** Parts of one schedule are of the same number of parts. */
  get #offeredShare(): number {
    return this.#schedule.length / this.#schedule[0]!.of;
  }

  /**
   * The run ends here without having ended: iterations that had started count as interrupted, and those of a number planned
   * from the start that none had started as dropped, as where a person ends it.
   */
  interrupt(): void {
    this.run.scenarios.forEach(({ executor, index }) => {
      const { counts } = this.totals.total.scenarios[index]!;
      const { planned, completed, failed, dropped, interrupted } = counts;
      counts.interrupted += planned - completed - failed - dropped - interrupted;
      const all = this.#schedule.reduce((sum, part) => sum + (plannedIterations(executor, part) ?? 0), 0);
      counts.planned += Math.max(0, all - planned);
      counts.dropped += Math.max(0, all - planned);
    });
  }

  /** The document. Called once. */
  result(end: RunEnd): RunResult {
    if (this.#last === Number.POSITIVE_INFINITY) throw new Error('the document of a run is made once');
    this.#last = Number.POSITIVE_INFINITY;
    const { total, errors, series, blocks } = this.totals;
    const { generator, runId, seed, tags, target, config, environment, judging } = this.#basis;
    const { protocol } = this.health;
    errors.add([], readExceptions(this.run, end.exceptions), 0);
    this.#notes.push(...end.notes);
    const open = this.run.scenarios.filter(({ executor }) => executor.model === 'open');
    const sum = (counter: 'planned' | 'started'): number =>
      open.reduce((count, { index }) => count + total.scenarios[index]!.counts[counter], 0);
    return buildResult({
      generator,
      identity: { id: runId, seed, tags: { ...tags }, end: end.end, pausedMs: end.pausedMs },
      target: withProtocol(target, protocol),
      config: { ...config },
      run: this.run,
      total,
      errors,
      series: series.result(),
      blocks: blocks.result(),
      thresholds: this.#thresholds.results(total),
      objectives: this.#basis.objectives,
      metrics: metricResults(this.catalog, total),
      health: this.health.result(total, errors, {
        planned: sum('planned'),
        started: sum('started'),
        warmUpRequests: end.warmUpRequests,
        cpuSeconds: end.cpuSeconds,
        machineCpuShare: end.machineCpuShare,
        machine: this.#machine?.health() ?? null,
        machines: this.#machine?.machines() ?? [],
      }),
      machine: this.#machine?.again,
      offeredShare: this.#offeredShare,
      strict: judging.strict,
      maxDroppedShare: judging.maxDroppedShare,
      startWallMs: this.#startWallMs,
      notes: [...this.#notes, ...this.#steeringNotes(), ...protocolNotes(judging.http2, protocol)],
      steering: this.#steering,
      environment,
    });
  }

  #steeringNotes(): ResultNote[] {
    const cut = this.#changes - this.#steering.length;
    if (cut === 0) return [];
    const text = `${cut} changes of users or rates are not listed: the first ${MOST_CHANGES} are.`;
    return [{ level: 'warning', code: 'steering-cut', text }];
  }
}
