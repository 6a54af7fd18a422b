import type { SteeringChange } from '../model/steering.ts';

/** A change that one part of a run made, on the clock of the run. */
interface PartChange {
  /** 0-based, among the parts. */
  readonly part: number;
  readonly change: SteeringChange;
}

/**
 * Makes the changes of one run of those of its parts. Parts of one schedule are each set to the load of the whole run, and make
 * their share of it: the last value holds. Otherwise a scenario has what its parts have set together.
 *
 * Must hold: `merge` is called in the order of time, and `end` after the last changes of a part.
 */
export class SteeringMerger {
  readonly #ofSchedule: boolean;
  /** By scenario, then part: what it set last. */
  readonly #set = new Map<string, Map<number, SteeringChange>>();

  constructor(ofSchedule: boolean) {
    this.#ofSchedule = ofSchedule;
  }

  /** What this part set counts no longer. */
  end(part: number): void {
    for (const parts of this.#set.values()) parts.delete(part);
  }

  /**
   * At most one change of each scenario.
   * @param changes of all parts in a second
   */
  merge(changes: readonly PartChange[]): SteeringChange[] {
    const merged = new Map<string, SteeringChange>();
    for (const { part, change } of changes.toSorted((a, b) => a.change.atMs - b.change.atMs)) {
      const { scenario, atMs } = change;
      if (this.#ofSchedule) {
        merged.set(scenario, change);
        continue;
      }
      const parts = this.#set.get(scenario) ?? new Map<number, SteeringChange>();
      this.#set.set(scenario, parts.set(part, change));
      const all = [...parts.values()];
      merged.set(scenario, {
        atMs,
        scenario,
        ...sumOf(all, 'users'),
        ...sumOf(all, 'perSecond'),
        ...sumOf(all, 'rate'),
      });
    }
    return [...merged.values()].toSorted((a, b) => a.atMs - b.atMs);
  }
}

/** Nothing where no part has set it. */
function sumOf<Field extends 'users' | 'perSecond' | 'rate'>(
  changes: readonly SteeringChange[],
  field: Field,
): Partial<Record<Field, number>> {
  const set = changes.flatMap((change) => change[field] ?? []);
  if (set.length === 0) return {};
  return { [field]: set.reduce((sum, each) => sum + each, 0) } as Partial<Record<Field, number>>;
}
