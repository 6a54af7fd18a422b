import type { Measures } from '../recorder/measures.ts';
import type { LostTime } from './lost-time.ts';
import { GoodputLook } from './goodput-look.ts';
import { SecondLook } from './second-look.ts';

/** The second looks of a run, kept as its intervals come in; nothing is kept before the first loud second. */
export class SecondLooks {
  readonly #lost: LostTime;
  readonly #looks: (SecondLook | GoodputLook)[] = [];
  #branched = false;

  constructor(lost: LostTime) {
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

  get lost(): LostTime {
    return this.#lost;
  }

  /** Before an interval, which the record of lost time knows already, goes into the totals. */
  before(total: Measures): void {
    if (this.#branched || !this.#lost.any) return;
    this.#branched = true;
    for (const look of this.#looks) look.branch(total);
  }

  /** Takes the interval. */
  add(interval: Measures): void {
    if (!this.#branched) return;
    for (const look of this.#looks) look.add(interval, this.#lost);
  }
}
