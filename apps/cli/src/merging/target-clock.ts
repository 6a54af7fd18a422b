import type { LoadResponse } from '@jarvis-load/engine';
import type { RunResult } from '@jarvis-load/engine/result';

/** How far the clock of the target is ahead of that of this machine, in milliseconds: it lies between these. */
export type ClockAhead = NonNullable<RunResult['target']['clockAheadMs']>;

/** `Date` has whole seconds, rounded down. */
const DATE_MS = 1000;

/**
 * Compares the clock of this machine with that of the target, by the header `Date` of its answers: it was written after the
 * request was sent and before the answer was read.
 */
export class TargetClock {
  readonly #seen: ClockAhead[] = [];

  /** Takes an answer. @param readMs when it was read, Unix time of this machine */
  add({ headers, timings }: Pick<LoadResponse, 'headers' | 'timings'>, readMs: number): void {
    const date = Date.parse(headers['date'] ?? '');
    if (Number.isNaN(date)) return;
    const sentMs = readMs - timings.serviceTimeMs;
    this.#seen.push({ least: Math.floor(date - readMs), most: Math.ceil(date + DATE_MS - sentMs) });
  }

  /**
   * What all answers say together; the widest bounds where they contradict each other, as behind a load balancer whose servers
   * have clocks of their own. `undefined`: no answer had a `Date`.
   */
  get ahead(): ClockAhead | undefined {
    if (this.#seen.length === 0) return undefined;
    const leasts = this.#seen.map(({ least }) => least);
    const mosts = this.#seen.map(({ most }) => most);
    const both = { least: Math.max(...leasts), most: Math.min(...mosts) };
    return both.least <= both.most ? both : { least: Math.min(...leasts), most: Math.max(...mosts) };
  }
}
