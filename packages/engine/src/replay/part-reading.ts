import type { SnapshotRecord } from '../model/run-snapshot.ts';
import type { PartRecord } from './part-record.ts';
import { invalid } from './record-format.ts';

/**
 * Reads the snapshots of a part one by one: `next` is one that is read and not yet taken, which `advance` replaces. The owner
 * calls `close` on every path, which ends the iterator and so closes the file behind it.
 */
export class PartReading {
  readonly startWallMs: number;
  /** Undefined: there are no more. */
  next: SnapshotRecord | undefined;
  readonly #iterator: Iterator<SnapshotRecord> | AsyncIterator<SnapshotRecord>;

  private constructor(
    first: SnapshotRecord,
    iterator: Iterator<SnapshotRecord> | AsyncIterator<SnapshotRecord>,
  ) {
    this.startWallMs = first.startWallMs;
    this.next = first;
    this.#iterator = iterator;
  }

  /** @throws EngineError `invalid-snapshot` for a part without one */
  static async open({ name, snapshots }: PartRecord): Promise<PartReading> {
    const iterator =
      Symbol.asyncIterator in snapshots ? snapshots[Symbol.asyncIterator]() : snapshots[Symbol.iterator]();
    const { done, value } = await iterator.next();
    if (done === true) throw invalid(name, 'it has no snapshot: its load did not begin');
    return new PartReading(value, iterator);
  }

  async advance(): Promise<void> {
    const { done, value } = await this.#iterator.next();
    this.next = done === true ? undefined : value;
  }

  async close(): Promise<void> {
    await this.#iterator.return?.();
  }
}
