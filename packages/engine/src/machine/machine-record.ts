import type { MachineHealth } from '../document/schema.ts';
import { LostTime } from './lost-time.ts';
import { waitingShare, type MachineSecond } from './machine-second.ts';
import { MachineWatch } from './machine-watch.ts';
import type { WatchedProcess } from '../model/watched-process.ts';
import type { ProcFiles } from './proc-files.ts';

/** Sums over the intervals; null while the system provides no values. */
interface Sums {
  pressureMs: number | null;
  throttledMs: number | null;
  /** Of each interval, weighted with its length. */
  stolen: number | null;
  durationMs: number;
}

/** What the machine did to a run, kept interval by interval and as totals for the document. */
export class MachineRecord {
  readonly lost = new LostTime();
  readonly #watch: MachineWatch;
  readonly #sums: Sums = { pressureMs: null, throttledMs: null, stolen: null, durationMs: 0 };

  constructor(watched?: readonly WatchedProcess[], files?: ProcFiles) {
    this.#watch = new MachineWatch(watched, files);
  }

  /** Starts the measurement. */
  begin(): void {
    this.#watch.begin();
  }

  /** Takes the interval that ends now. */
  sample(durationMs: number): MachineSecond {
    const second = this.#watch.sample(durationMs);
    this.lost.push(second);
    const { pressureShare, throttledMs, stealShare } = second;
    this.#sums.durationMs += durationMs;
    if (pressureShare !== null) {
      this.#sums.pressureMs = (this.#sums.pressureMs ?? 0) + pressureShare * durationMs;
    }
    if (throttledMs !== null) this.#sums.throttledMs = (this.#sums.throttledMs ?? 0) + throttledMs;
    if (stealShare !== null) this.#sums.stolen = (this.#sums.stolen ?? 0) + stealShare * durationMs;
    return second;
  }

  end(): void {
    this.#watch.end();
  }

  /** For the document; null where the system tells nothing. */
  result(): MachineHealth | null {
    const { pressureMs, throttledMs, stolen, durationMs } = this.#sums;
    const processes = this.#watch.processes.map((times) => ({ ...times, waitShare: waitingShare(times) }));
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
