import { readSnapshot } from '../aggregation/read-part.ts';
import { RunRecord } from '../aggregation/run-record.ts';
import type { SnapshotRecord } from '../model/run-snapshot.ts';
import type { ThresholdOutcome } from '../thresholds/evaluate.ts';
import type { PartRecord } from './part-record.ts';

/**
 * Judges each part that a threshold ended by its own samples: the outcome that ended it stands in the document of all parts,
 * whatever their sums are.
 *
 * Must hold: `add` gets every snapshot of a part, in order.
 */
export class PartAborts {
  readonly #ended: readonly { readonly name: string; readonly record: RunRecord | undefined }[];

  constructor(parts: readonly PartRecord[]) {
    this.#ended = parts.map(({ name, info, end }) => ({
      name,
      record: end?.end.kind === 'threshold' ? new RunRecord(info) : undefined,
    }));
  }

  /** @param part 0-based, among the parts */
  add(part: number, snapshot: SnapshotRecord): void {
    const { record } = this.#ended[part]!;
    record?.add(readSnapshot(record.run, snapshot));
  }

  /** By the place of the threshold; that of the first part that it ended. */
  get outcomes(): ReadonlyMap<number, ThresholdOutcome> {
    const outcomes = new Map<number, ThresholdOutcome>();
    for (const { name, record } of this.#ended) {
      for (const [place, outcome] of record?.aborts ?? []) {
        if (outcomes.has(place)) continue;
        const measured = `measured by ${name}, which it ended`;
        const { detail } = outcome;
        outcomes.set(place, {
          ...outcome,
          detail: detail === undefined ? measured : `${measured}: ${detail}`,
        });
      }
    }
    return outcomes;
  }
}
