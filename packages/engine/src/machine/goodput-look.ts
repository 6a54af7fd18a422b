import type { Measures } from '../recorder/measures.ts';
import type { RateValues } from '../thresholds/metric-values.ts';
import type { AnswerDelays } from './lost-time.ts';

/**
 * The streams of a goodput promise, counted a second time for the case that it fails: those of quiet seconds, and those of
 * loud seconds as if no answer of theirs had been late. As long as no second was loud, nothing is kept.
 *
 * Must hold: `SecondLooks` alone calls `branch`, once, and then `add` for every interval of every machine.
 */
export class GoodputLook {
  readonly #read: (measures: Measures) => RateValues | undefined;
  #quiet: RateValues | undefined;
  #forgiven: RateValues | undefined;

  /** @param read the streams of the promise */
  constructor(read: (measures: Measures) => RateValues | undefined) {
    this.#read = read;
  }

  /** Before the first loud second: everything so far was quiet. */
  branch(total: Measures): void {
    this.#quiet = this.#forgiven = plus(NONE, this.#read(total));
  }

  /** An interval, and what waiting can have added to its answers. Nothing before {@link branch}. */
  add(interval: Measures, delays: AnswerDelays): void {
    if (this.#quiet === undefined || this.#forgiven === undefined) return;
    const values = this.#read(interval);
    if (values === undefined) return;
    // The longest stream touches the most seconds.
    const quiet = delays.ofMs(longestStreamMs(interval)) === 0;
    if (quiet) this.#quiet = plus(this.#quiet, values);
    const passes = quiet ? values.passes : values.passes + (values.late ?? 0);
    this.#forgiven = plus(this.#forgiven, { ...values, passes });
  }

  /** Streams of quiet seconds; `undefined` when no second was loud. */
  get quiet(): RateValues | undefined {
    return this.#quiet;
  }

  /** All streams; a late one of a loud second counts as good, one that failed does not. */
  get forgiven(): RateValues | undefined {
    return this.#forgiven;
  }
}

const NONE: RateValues = { kind: 'rate', passes: 0, total: 0 };

function plus(sum: RateValues, more: RateValues | undefined): RateValues {
  return more === undefined
    ? sum
    : { kind: 'rate', passes: sum.passes + more.passes, total: sum.total + more.total };
}

function longestStreamMs({ operations }: Measures): number {
  return operations.reduce((most, { streams }) => Math.max(most, streams?.times.ttlt.max ?? 0), 0) / 1000;
}
