import type { MetricInterval } from '../model/thread-interval.ts';
import { TrendHistogram } from './trend-histogram.ts';

/**
 * One custom metric of one scenario, or a selection of it. `value` is the sum of a counter, the number of non-zero samples of a
 * rate, and the value of a gauge that was added last: intervals are added in their order.
 */
export class CustomMeasures {
  readonly scenario: number;
  readonly name: string;
  /** -1: all samples. */
  readonly selection: number;
  samples = 0;
  value = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  rejected = 0;
  readonly trend = new TrendHistogram();

  constructor({ scenario, name, selection }: Pick<MetricInterval, 'scenario' | 'name' | 'selection'>) {
    this.scenario = scenario;
    this.name = name;
    this.selection = selection;
  }

  /** @param gauge whether a later value takes the place of an earlier one */
  add(more: MetricInterval, gauge: boolean): void {
    this.samples += more.samples;
    // Without a sample all were rejected, in this thread and interval.
    if (!gauge) this.value += more.value;
    else if (more.samples > 0) this.value = more.value;
    this.min = Math.min(this.min, more.min);
    this.max = Math.max(this.max, more.max);
    this.rejected += more.rejected;
    if (more.trend !== undefined) this.trend.addSnapshot(more.trend);
  }

  /** The same as plain data. */
  interval(): MetricInterval {
    const { scenario, name, selection, samples, value, min, max, rejected } = this;
    return { scenario, name, selection, samples, value, min, max, rejected, trend: this.trend.snapshot() };
  }
}
