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
 * Hands each interval to listeners and outputs. With one thread this runs in the thread that makes the load, so it yields
 * to the event loop between the parts of the snapshot and between the outputs: a due arrival waits for one part at most.
 *
 * Must hold: `deliver` ends before the record takes another interval, because the snapshot reads the record's totals when
 * an output asks for them; afterwards it is closed, and a property that was not read by then throws.
 */
export class SnapshotDelivery {
  readonly #source: Source;
  /**
   * Whether an output read `delta` of the previous snapshot. If so, this one's is computed in steps before delivery:
   * computing it in one step would delay arrivals.
   */
  #deltaIsRead = false;

  constructor(source: Source) {
    this.#source = source;
  }

  /** @param interval the one that the record took last */
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
