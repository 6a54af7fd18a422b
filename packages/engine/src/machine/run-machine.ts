import type { Measures } from '../recorder/measures.ts';
import type { MachineNow } from '../model/run-snapshot.ts';
import type { Objective } from '../model/objective.ts';
import type { MachineHealth, PartMachine } from '../document/schema.ts';
import { MachineRecord } from './machine-record.ts';
import { openObjectiveLooks } from './objective-looks.ts';
import type { SecondLook } from './second-look.ts';
import { SecondLooks } from './second-looks.ts';

/** What one machine did and measured in an interval. */
export interface MachineShare {
  /** 0-based, among the machines of the run. */
  readonly machine: number;
  /** null: not known. */
  readonly now: MachineNow | null;
  /** Of the interval, on that machine. */
  readonly measures: Measures;
}

/** A machine of a merged run. */
export type PartOfRun = Pick<PartMachine, 'part' | 'machineCpuShare'>;

/**
 * The machines of a run: what they did, interval by interval, and the samples kept for judging promises again. A run has
 * one, a merged run one for each part.
 *
 * Must hold: `take` gets each interval once, in order, before the totals do. All looks are opened before the first one.
 */
export class RunMachine {
  readonly looks: SecondLooks;
  readonly #parts: readonly PartOfRun[];
  readonly #records: readonly MachineRecord[];
  readonly #objectiveLooks: ReadonlyMap<string, SecondLook>;

  /** @param parts of a merged run; empty: a run of one machine */
  constructor(objectives: readonly Objective[], parts: readonly PartOfRun[] = []) {
    this.#parts = parts;
    this.#records = Array.from({ length: Math.max(1, parts.length) }, () => new MachineRecord());
    this.looks = new SecondLooks(this.#records.map(({ lost }) => lost));
    this.#objectiveLooks = openObjectiveLooks(objectives, this.looks);
  }

  /** Takes an interval. @param total of the run before it */
  take(shares: readonly MachineShare[], total: Measures): void {
    const delayed = shares.map(({ machine, now, measures }) => {
      const record = this.#records[machine]!;
      if (now !== null) record.push(now);
      return { measures, delays: record.lost.delays };
    });
    this.looks.take(delayed, total);
  }

  /** For the document; null for a merged run, and where the system does not report it. */
  health(): MachineHealth | null {
    return this.#parts.length > 0 ? null : this.#records[0]!.result();
  }

  /** Those of a merged run, for the document; empty for a run of one machine. */
  machines(): readonly PartMachine[] {
    return this.#parts.map((part, index) => ({ ...part, machine: this.#records[index]!.result() }));
  }

  /** Data for judging failed objectives again. */
  get again(): { readonly looks: ReadonlyMap<string, SecondLook>; readonly lostShare: number } {
    return { looks: this.#objectiveLooks, lostShare: this.looks.lostShare };
  }
}
