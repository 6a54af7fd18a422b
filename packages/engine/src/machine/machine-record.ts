import type { MachineHealth } from '../document/schema.ts';
import { LostTime } from './lost-time.ts';
import type { MachineNow } from '../model/run-snapshot.ts';
import { waitingShare } from './waiting-share.ts';

/** Sums over the intervals; null while the system provides no values. */
interface Sums {
  pressureMs: number | null;
  throttledMs: number | null;
  /** Of each interval, weighted with its length. */
  stolen: number | null;
  durationMs: number;
}

/**
 * What one machine did to a run, kept interval by interval and as totals for the document. `push` gets each interval once, in
 * order: `processes` are cumulative, so that the last ones are those of the run.
 */
export class MachineRecord {
  readonly lost = new LostTime();
  readonly #sums: Sums = { pressureMs: null, throttledMs: null, stolen: null, durationMs: 0 };

  #processes: MachineNow['processes'] = [];

  /** Takes the next interval. */
  push({ second, processes }: MachineNow): void {
    this.lost.push(second);
    this.#processes = processes;
    const { durationMs, pressureShare, throttledMs, stealShare } = second;
    this.#sums.durationMs += durationMs;
    if (pressureShare !== null) {
      this.#sums.pressureMs = (this.#sums.pressureMs ?? 0) + pressureShare * durationMs;
    }
    if (throttledMs !== null) this.#sums.throttledMs = (this.#sums.throttledMs ?? 0) + throttledMs;
    if (stealShare !== null) this.#sums.stolen = (this.#sums.stolen ?? 0) + stealShare * durationMs;
  }

  /** For the document; null where the system does not report it. */
  result(): MachineHealth | null {
    const { pressureMs, throttledMs, stolen, durationMs } = this.#sums;
    const processes = this.#processes.map((times) => ({ ...times, waitShare: waitingShare(times) }));
    const known = processes.length > 0 || [pressureMs, throttledMs, stolen].some((sum) => sum !== null);
    if (!known || durationMs <= 0) return null;
    const { seconds, loudSeconds, share } = this.lost;
    return {
      processes,
      pressureShare: pressureMs === null ? null : pressureMs / durationMs,
      stealShare: stolen === null ? null : stolen / durationMs,
      throttledMs,
      seconds,
      loudSeconds,
      lostShare: processes.length === 0 ? null : share,
    };
  }
}
