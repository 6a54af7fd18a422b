import type { FamilySet, Series } from './family.ts';
import { WINDOW_STATS, type WindowStats } from './window.ts';

/**
 * A trend as k6's remote write names it: one gauge per statistic, `k6_<name>_p95`, here of the last window, in the unit of the
 * statistics given (times: seconds). Its series are added with its first value, and are absent in a window without one.
 */
export class K6Trend {
  readonly #set: FamilySet;
  readonly #name: string;
  readonly #labels: Readonly<Record<string, string>>;
  #series: readonly Series[] | undefined;

  constructor(set: FamilySet, name: string, labels: Readonly<Record<string, string>>) {
    this.#set = set;
    this.#name = name;
    this.#labels = labels;
  }

  set(stats: WindowStats | undefined): void {
    if (this.#series === undefined) {
      if (stats === undefined) return;
      this.#series = WINDOW_STATS.map((stat) =>
        this.#set.add(
          {
            name: `k6_${this.#name}_${stat}`,
            // The text format reserves these two suffixes for histograms.
            type: stat === 'count' || stat === 'sum' ? 'unknown' : 'gauge',
            help: `As k6 names it: ${stat} of ${this.#name} over the last window.`,
          },
          this.#labels,
        ),
      );
    }
    WINDOW_STATS.forEach((stat, place) => this.#series![place]!.set(stats?.[stat]));
  }
}
