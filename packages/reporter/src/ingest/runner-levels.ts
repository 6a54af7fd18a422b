/** Gauges of k6 that each runner has of its own, and of which the run has the sum. */
const ADDED = new Set(['vus', 'vus_max']);

/** Converts the gauges of one runner to those of the run. */
export interface RunnerLevel {
  /** The value of the run: the sum over the runners where they add up, the value itself elsewhere. */
  readonly of: (metric: string, value: number) => number;
  /** The runner has ended: it has no users any more. */
  readonly end: () => void;
}

/** Adds up the gauges of several runners, of which each writes its own. */
export class RunnerLevels {
  readonly #runners: Map<string, number>[] = [];

  /** Adds a runner. */
  open(): RunnerLevel {
    const own = new Map<string, number>();
    this.#runners.push(own);
    return {
      of: (metric, value) => {
        if (!ADDED.has(metric)) return value;
        own.set(metric, value);
        return this.#runners.reduce((sum, each) => sum + (each.get(metric) ?? 0), 0);
      },
      end: () => own.clear(),
    };
  }
}
