import type { AskedLoad } from '../definition/planned-load.ts';
import { planUserSteps, type UserStep } from '../plan/user-steps.ts';

/** Users that start at once count for this long as users that start. */
const START_MS = 1000;

/** A number of users that was set, with the ramp to it. */
export class SetLevel {
  /** Users at the moment it was set. */
  readonly from: number;
  readonly #users: number;
  readonly #perSecond: number;
  readonly #setMs: number;
  readonly #steps: readonly UserStep[];

  /**
   * @param perSecond users per second of the ramp; Infinity: at once
   * @param setMs clock time
   */
  constructor(from: number, users: number, perSecond: number, setMs: number) {
    this.from = from;
    this.#users = users;
    this.#perSecond = perSecond;
    this.#setMs = setMs;
    const durationMs = (Math.abs(users - from) * 1000) / perSecond;
    this.#steps = planUserSteps(from, [{ durationMs, target: users }]);
  }

  /** Users at a clock time. */
  at(clockMs: number): number {
    const sinceMs = clockMs - this.#setMs;
    return this.#steps.findLast((step) => step.atMs <= sinceMs)?.users ?? this.from;
  }

  /** The most from a clock time on. */
  asked(clockMs: number): AskedLoad {
    const at = this.at(clockMs);
    const started = Math.max(0, this.#users - this.from);
    const endMs = this.#setMs + (started * 1000) / this.#perSecond + START_MS;
    return {
      users: Math.max(at, this.#users),
      startsPerSecond: clockMs < endMs ? Math.min(started, this.#perSecond) : 0,
    };
  }
}
