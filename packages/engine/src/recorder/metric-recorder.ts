import type { MetricDeclaration, Tags } from '../model/scenario.ts';
import type { MetricInterval } from '../model/thread-interval.ts';
import { TrendHistogram } from './trend-histogram.ts';

interface Sums {
  readonly selection: number;
  samples: number;
  value: number;
  min: number;
  max: number;
  rejected: number;
  readonly trend: TrendHistogram | undefined;
}

/** A selection of a metric's samples by tags, which a threshold asks for. */
export interface MetricSelection {
  /** Its place in the list of its metric in `MetricCatalog.selections`. */
  readonly index: number;
  readonly tags: Tags;
}

/**
 * Records one custom metric of one scenario in one thread between two hand-overs, in the unit of scenario code. A value that is
 * not finite, or negative and not of a gauge, is only counted as rejected. `flush` begins again at 0, but keeps the value of a
 * gauge. Where all were rejected, an interval has 0 samples, infinite `min` and `max`, and of a gauge the value before.
 */
export class MetricRecorder {
  readonly #declaration: MetricDeclaration;
  readonly #scenario: number;
  readonly #all: Sums;
  readonly #selected: readonly { readonly tags: Tags; readonly sums: Sums }[];
  #touched = false;

  constructor(declaration: MetricDeclaration, scenario: number, selections: readonly MetricSelection[]) {
    this.#declaration = declaration;
    this.#scenario = scenario;
    this.#all = emptySums(-1, declaration);
    this.#selected = selections.map(({ index, tags }) => ({ tags, sums: emptySums(index, declaration) }));
  }

  record(value: number, tags: Tags | undefined): void {
    this.#touched = true;
    this.#add(this.#all, value);
    for (const { tags: wanted, sums } of this.#selected) {
      if (tags !== undefined && matches(tags, wanted)) this.#add(sums, value);
    }
  }

  /** What was recorded since the last call. */
  flush(): MetricInterval[] {
    if (!this.#touched) return [];
    this.#touched = false;
    return [this.#all, ...this.#selected.map(({ sums }) => sums)]
      .filter((sums) => sums.samples > 0 || sums.rejected > 0)
      .map((sums) => {
        const interval: MetricInterval = {
          scenario: this.#scenario,
          name: this.#declaration.name,
          selection: sums.selection,
          samples: sums.samples,
          value: sums.value,
          min: sums.min,
          max: sums.max,
          rejected: sums.rejected,
          trend: sums.trend?.snapshot(),
        };
        sums.samples = 0;
        if (this.#declaration.kind !== 'gauge') sums.value = 0;
        sums.min = Number.POSITIVE_INFINITY;
        sums.max = Number.NEGATIVE_INFINITY;
        sums.rejected = 0;
        sums.trend?.reset();
        return interval;
      });
  }

  #add(sums: Sums, value: number): void {
    const { kind } = this.#declaration;
    if (!Number.isFinite(value) || (value < 0 && kind !== 'gauge')) {
      sums.rejected++;
      return;
    }
    sums.samples++;
    if (kind === 'counter') sums.value += value;
    else if (kind === 'rate') sums.value += value === 0 ? 0 : 1;
    else if (kind === 'gauge') sums.value = value;
    else sums.trend?.record(value);
    if (value < sums.min) sums.min = value;
    if (value > sums.max) sums.max = value;
  }
}

function emptySums(selection: number, declaration: MetricDeclaration): Sums {
  return {
    selection,
    samples: 0,
    value: 0,
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
    rejected: 0,
    trend: declaration.kind === 'trend' ? new TrendHistogram() : undefined,
  };
}

/** Whether the tags hold every wanted pair. */
function matches(tags: Tags, wanted: Tags): boolean {
  for (const key in wanted) {
    if (tags[key] !== wanted[key]) return false;
  }
  return true;
}
