import type { Measures } from '../recorder/measures.ts';
import type { Objective } from '../model/objective.ts';
import type { MachineHealth } from '../document/schema.ts';
import { MachineRecord } from './machine-record.ts';
import type { MachineSecond } from './machine-second.ts';
import type { WatchedProcess } from '../model/watched-process.ts';
import { openObjectiveLooks } from './objective-looks.ts';
import type { SecondLook } from './second-look.ts';
import { SecondLooks } from './second-looks.ts';

/** The machine of a run: what it did, interval by interval, and the samples kept for judging promises again. */
export class RunMachine {
  readonly looks: SecondLooks;
  readonly #record: MachineRecord;
  readonly #objectiveLooks: ReadonlyMap<string, SecondLook>;

  constructor(objectives: readonly Objective[], watched: readonly WatchedProcess[] | undefined) {
    this.#record = new MachineRecord(watched);
    this.looks = new SecondLooks(this.#record.lost);
    this.#objectiveLooks = openObjectiveLooks(objectives, this.looks);
  }

  /** Starts the measurement. */
  begin(): void {
    this.#record.begin();
  }

  /** Measures the interval that ends now. @param total of the run before this interval */
  sample(durationMs: number, total: Measures): MachineSecond {
    const second = this.#record.sample(durationMs);
    this.looks.before(total);
    return second;
  }

  /** Takes the samples of the interval measured last. */
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

  end(): void {
    this.#record.end();
  }
}
