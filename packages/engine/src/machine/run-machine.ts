import type { Measures } from '../recorder/measures.ts';
import type { MachineNow } from '../model/run-snapshot.ts';
import type { Objective } from '../model/objective.ts';
import type { MachineHealth } from '../document/schema.ts';
import { MachineRecord } from './machine-record.ts';
import { openObjectiveLooks } from './objective-looks.ts';
import type { SecondLook } from './second-look.ts';
import { SecondLooks } from './second-looks.ts';

/** The machine of a run: what it did, interval by interval, and the samples kept for judging promises again. */
export class RunMachine {
  readonly looks: SecondLooks;
  readonly #record = new MachineRecord();
  readonly #objectiveLooks: ReadonlyMap<string, SecondLook>;

  constructor(objectives: readonly Objective[]) {
    this.looks = new SecondLooks(this.#record.lost);
    this.#objectiveLooks = openObjectiveLooks(objectives, this.looks);
  }

  /** Takes what the machine did in an interval. @param total of the run before this interval */
  before(now: MachineNow, total: Measures): void {
    this.#record.push(now);
    this.looks.before(total);
  }

  /** Takes the samples of that interval. */
  add(interval: Measures): void {
    this.looks.add(interval);
  }

  /** For the document; null where the system tells nothing. */
  health(): MachineHealth | null {
    return this.#record.result();
  }

  /** Data for judging failed objectives again. */
  get again(): { readonly looks: ReadonlyMap<string, SecondLook>; readonly lostShare: number } {
    return { looks: this.#objectiveLooks, lostShare: this.#record.lost.share };
  }
}
