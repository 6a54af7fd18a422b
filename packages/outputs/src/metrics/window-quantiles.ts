import type { RunInfo } from '@jarvis-load/engine';
import type { FamilySet, Series } from './family.ts';
import { windowStats, type Window } from './window.ts';

const QUANTILES = [
  ['0.5', 'med'],
  ['0.9', 'p90'],
  ['0.95', 'p95'],
  ['0.99', 'p99'],
  ['1', 'max'],
] as const;
const FAMILY = {
  name: 'jarvis_load_response_time_window_seconds',
  type: 'gauge',
  help: 'Quantiles of the response times of the last window at three digits, all outcomes.',
} as const;

/**
 * Quantiles of the response time of each operation over the last window, finer than the bounds of the histograms. They are those
 * of the last call of `window` (`RunMetrics.collect`); absent after a window without a request.
 */
export class WindowQuantiles {
  readonly #operations: readonly {
    readonly scenario: string;
    readonly operation: string;
    readonly series: readonly Series[];
  }[];

  constructor(set: FamilySet, run: RunInfo) {
    this.#operations = run.operations.map(({ scenario, operation }) => ({
      scenario,
      operation,
      series: QUANTILES.map(([quantile]) => set.add(FAMILY, { scenario, operation, q: quantile })),
    }));
  }

  window({ parts }: Window): void {
    for (const { scenario, operation, series } of this.#operations) {
      const mine = parts.flatMap(({ operations }) =>
        operations.filter((part) => part.scenario === scenario && part.operation === operation),
      );
      const stats = windowStats(mine.flatMap(({ response }) => Object.values(response)));
      QUANTILES.forEach(([, stat], place) => series[place]!.set(stats?.[stat]));
    }
  }
}
