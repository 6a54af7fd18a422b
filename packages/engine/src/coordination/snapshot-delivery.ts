import type { RecordedInterval } from '../aggregation/merged-interval.ts';
import type { RunRecord } from '../aggregation/run-record.ts';
import { runSnapshot } from '../aggregation/run-snapshot.ts';
import type { GeneratorProbe } from '../machine/generator-probe.ts';
import type { EventStream } from './event-stream.ts';
import type { Outputs } from './outputs.ts';

interface Source {
  readonly record: RunRecord;
  readonly probe: GeneratorProbe;
  readonly stream: EventStream;
  readonly outputs: Outputs;
  /** Lets the event loop turn once; on a virtual clock it returns at once. */
  readonly turn: () => Promise<void>;
}

/**
 * Hands each interval to listeners and outputs. The event loop turns between the parts of the snapshot and between the
 * outputs: all of it runs in the thread that makes the load, and a due arrival waits for one part at most.
 */
export class SnapshotDelivery {
  readonly #source: Source;
  /** Some output read `delta` of the snapshot before: the next one is made in steps, before it is read. */
  #deltaIsRead = false;

  constructor(source: Source) {
    this.#source = source;
  }

  /** @param interval which the record has just taken */
  async deliver(interval: RecordedInterval, warmUpRequests: number): Promise<void> {
    const { record, probe, stream, outputs, turn } = this.#source;
    if (!stream.heard && !outputs.takeIntervals) return;
    await turn();
    const snapshot = runSnapshot(interval, record, probe, warmUpRequests);
    if (this.#deltaIsRead) {
      for (const _ of snapshot.prepareDelta()) await turn();
      await turn();
    }
    if (stream.heard) {
      stream.emit(snapshot.value.summary);
      await turn();
    }
    await outputs.interval(snapshot.value, turn);
    this.#deltaIsRead = snapshot.deltaIsRead;
    snapshot.close();
  }
}
