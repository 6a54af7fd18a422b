import type { Measures } from '../recorder/measures.ts';
import type { AnswerDelays, LostTime } from './lost-time.ts';
import { GoodputLook } from './goodput-look.ts';
import { SecondLook } from './second-look.ts';

/** What came in with an interval on one machine, and the most that waiting there can have added to each answer. */
export interface DelayedMeasures {
  readonly measures: Measures;
  readonly delays: AnswerDelays;
}

/** The last interval, for thresholds over a window. */
export interface LastInterval {
  /** One for each machine that measured something in it. */
  readonly shares: readonly DelayedMeasures[];
  /** What waiting can have taken from a thread, on the average of the machines. */
  readonly lostMs: number;
}

/**
 * The second looks of a run, kept as its intervals come in; nothing is kept before the first loud second.
 *
 * Must hold: looks are opened before the first `take`, or they lack seconds. `take` gets each interval once, in order, after
 * `LostTime.push` of its machines and before the totals do.
 */
export class SecondLooks {
  readonly #lost: readonly LostTime[];
  readonly #looks: (SecondLook | GoodputLook)[] = [];
  #branched = false;
  #shares: readonly DelayedMeasures[] = [];

  /** @param lost of each machine of the run */
  constructor(lost: readonly LostTime[]) {
    this.#lost = lost;
  }

  /** A new look. @param parameters as those of {@link SecondLook} */
  open(...parameters: ConstructorParameters<typeof SecondLook>): SecondLook {
    const look = new SecondLook(...parameters);
    this.#looks.push(look);
    return look;
  }

  /** The same of a goodput. */
  openGoodput(...parameters: ConstructorParameters<typeof GoodputLook>): GoodputLook {
    const look = new GoodputLook(...parameters);
    this.#looks.push(look);
    return look;
  }

  /** Of the whole time, the part that loud seconds can have taken from a thread, on the average of the machines. */
  get lostShare(): number {
    return mean(this.#lost.map(({ share }) => share));
  }

  get last(): LastInterval {
    return { shares: this.#shares, lostMs: mean(this.#lost.map(({ lastLostMs }) => lastLostMs)) };
  }

  /**
   * Takes an interval, which the records of lost time know already.
   * @param shares of the interval, by machine
   * @param total of the run before this interval
   */
  take(shares: readonly DelayedMeasures[], total: Measures): void {
    this.#shares = shares;
    if (!this.#branched) {
      if (!this.#lost.some(({ any }) => any)) return;
      this.#branched = true;
      for (const look of this.#looks) look.branch(total);
    }
    for (const { measures, delays } of shares) {
      for (const look of this.#looks) look.add(measures, delays);
    }
  }
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
