import type { RunInfo, RunResult } from '@jarvis-load/engine';
import type { Second } from '../exporter.ts';
import { FamilySet, type Family, type Series } from './family.ts';
import { HealthMetrics } from './health-metrics.ts';
import { JudgementMetrics } from './judgement-metrics.ts';
import { K6Metrics } from './k6-metrics.ts';
import { labelsOfRun, tagLabels } from './labels-of-run.ts';
import { LocustMetrics } from './locust-metrics.ts';
import { OperationMetrics } from './operation-metrics.ts';
import { ScenarioMetrics } from './scenario-metrics.ts';
import { StreamMetrics } from './stream-metrics.ts';
import { TagMetrics } from './tag-metrics.ts';
import { Window } from './window.ts';
import { WindowQuantiles } from './window-quantiles.ts';

/**
 * All time series of a run, for Prometheus and OTLP. Counters and histograms are sums of the exact deltas of the intervals,
 * so that after the last one they equal the result document.
 *
 * Must hold:
 * - One object per run and output. `add` gets every second once, in order; `end` is called once, after the last one.
 * - `collect` before each writing: it computes what describes a window. What it returns changes with the next `add`.
 */
export class RunMetrics {
  readonly #set: FamilySet;
  readonly #operations: OperationMetrics;
  readonly #streams: StreamMetrics;
  readonly #tags: TagMetrics;
  readonly #scenarios: ScenarioMetrics;
  readonly #judgement: JudgementMetrics;
  readonly #health: HealthMetrics;
  readonly #k6: K6Metrics;
  readonly #locust: LocustMetrics | undefined;
  readonly #quantiles: WindowQuantiles;
  readonly #window: Window;
  readonly #start: Series;
  readonly #paused: Series;

  /**
   * @param windowMs length of the window that trends, rates and quantiles describe
   * @param locustNames whether to add the names of locust_exporter
   */
  constructor(run: RunInfo, windowMs: number, locustNames = false) {
    const labels = tagLabels(run);
    this.#set = new FamilySet(labelsOfRun(run, labels));
    const gauge = (name: string, help: string, own: Readonly<Record<string, string>> = {}): Series =>
      this.#set.add({ name: `jarvis_load_${name}`, type: 'gauge', help }, own);
    gauge('run_info', 'The run; always 1.', {
      run_id: run.runId,
      target: run.target.name,
      version: run.generator.version,
      seed: String(run.seed),
    }).value = 1;
    // Unknown for a run that is steered from outside.
    gauge('run_planned_duration_seconds', 'Planned length of the run.').set(
      run.plannedDurationMs === null ? null : run.plannedDurationMs / 1000,
    );
    this.#start = gauge('run_start_time_seconds', 'Start of the load, seconds since the epoch.');
    this.#start.set(null);
    this.#paused = gauge('run_paused', '1 while the run is paused.');
    this.#operations = new OperationMetrics(this.#set, run);
    this.#streams = new StreamMetrics(this.#set, run);
    this.#tags = new TagMetrics(this.#set, labels);
    this.#scenarios = new ScenarioMetrics(this.#set, run);
    this.#judgement = new JudgementMetrics(this.#set, run);
    this.#health = new HealthMetrics(this.#set);
    this.#k6 = new K6Metrics(this.#set, run);
    if (locustNames) this.#locust = new LocustMetrics(this.#set, run);
    this.#quantiles = new WindowQuantiles(this.#set, run);
    this.#window = new Window(windowMs);
  }

  add(second: Second): void {
    const { delta } = second;
    this.#operations.add(delta.operations);
    this.#streams.add(delta.operations);
    this.#tags.add(delta);
    this.#scenarios.add(delta);
    this.#health.add(second);
    this.#k6.add(delta);
    this.#locust?.add(delta, second.last);
    this.#window.add(second);
    this.#start.set(second.startWallMs / 1000);
    this.#paused.set(second.paused ? 1 : 0);
    if (second.judged !== undefined) this.#judgement.add(second.judged);
  }

  /** The final judgement, which may differ from the last one of the intervals. */
  end(result: RunResult): void {
    this.#judgement.end(result);
    const family = {
      name: 'jarvis_load_run_end_time_seconds',
      type: 'gauge',
      help: 'End of the run, seconds since the epoch.',
    } as const;
    this.#set.add(family).set(Date.parse(result.run.endedAt) / 1000);
    const limited = {
      name: 'jarvis_load_generator_limited',
      type: 'gauge',
      help: 'After the end of the run: 1 if the generator itself limited it.',
    } as const;
    this.#set.add(limited).set(result.health.generatorLimited ? 1 : 0);
  }

  /** All families, with values of windows as they are now. */
  collect(): readonly Family[] {
    this.#k6.window(this.#window);
    this.#locust?.window(this.#window);
    this.#quantiles.window(this.#window);
    return this.#set.families;
  }
}
