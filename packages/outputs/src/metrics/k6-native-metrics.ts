import { isFailure, outcomesOf } from '@jarvis-load/engine/outcome';
import type { HistogramSnapshot } from '@jarvis-load/engine/recorder';
import type { RunInfo, SnapshotPart } from '@jarvis-load/engine';
import { FamilySet, type Labels } from './family.ts';
import { K6_PHASES, K6_STATUS_OF } from './k6-names.ts';
import { labelsOfRun } from './labels-of-run.ts';
import { NativeHistogram } from './native-histogram.ts';

/** One native histogram with its name and labels. */
export interface NativeSeries {
  readonly name: string;
  readonly labels: Labels;
  readonly histogram: NativeHistogram;
}

/**
 * The trends of k6 as native histograms, `k6_http_req_duration_seconds` and so on, which its dashboard 18030 asks for; without those
 * of groups and custom metrics. Of the run so far, not of a window: `add` gets each second once. Labels are those of
 * `k6-metrics.ts`.
 */
export class K6NativeMetrics {
  readonly #set: FamilySet;
  readonly #series: NativeSeries[] = [];
  readonly #byKey = new Map<string, NativeHistogram>();

  /** All of them are empty before the first request. */
  constructor(run: RunInfo) {
    this.#set = new FamilySet(labelsOfRun(run));
    for (const { scenario, operation, method, stream } of run.operations) {
      const labels = { scenario, name: operation, method };
      for (const outcome of outcomesOf(stream !== undefined))
        this.#add(`${scenario}\n${operation} ${outcome}`, 'http_req_duration', {
          ...labels,
          status: K6_STATUS_OF[outcome],
          expected_response: String(!isFailure(outcome)),
          error: outcome === 'ok' ? '' : outcome,
        });
      for (const [phase, name] of Object.entries(K6_PHASES))
        this.#add(`${scenario}\n${operation} ${phase}`, name, labels);
    }
    for (const { name } of run.scenarios) this.#add(name, 'iteration_duration', { scenario: name });
  }

  get series(): readonly NativeSeries[] {
    return this.#series;
  }

  add({ operations, scenarios }: SnapshotPart): void {
    const grow = (key: string, times: HistogramSnapshot | undefined): void => {
      if (times !== undefined && times.count > 0) this.#byKey.get(key)?.add(times);
    };
    for (const { scenario, operation, service, phases } of operations) {
      for (const [outcome, times] of Object.entries(service))
        grow(`${scenario}\n${operation} ${outcome}`, times);
      for (const [phase, times] of Object.entries(phases)) grow(`${scenario}\n${operation} ${phase}`, times);
    }
    for (const { scenario, iterationDuration } of scenarios) grow(scenario, iterationDuration);
  }

  #add(key: string, metric: string, labels: Readonly<Record<string, string>>): void {
    const name = `k6_${metric}_seconds`;
    const histogram = new NativeHistogram();
    const series = this.#set.add({ name, type: 'histogram', help: '' }, labels);
    this.#series.push({ name, labels: series.labels, histogram });
    this.#byKey.set(key, histogram);
  }
}
