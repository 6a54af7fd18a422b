/*
 * Processor time that the run lost per second, by waiting for a processor, a quota or the hypervisor. It gives an upper bound of
 * the delay of responses in that second. A second in which it can have delayed a response by an amount that matters is loud, any
 * other quiet (`LOUD_SHARE`, `LOUD_MS`).
 *
 * Must hold: there is one `LostTime` for each machine, and `push` gets each of its intervals once, in order. `delays` and
 * `lastLostMs` are of the interval pushed last: read them before the next one.
 */

import type { MachineSecond } from '../model/run-snapshot.ts';
import { waitingShare } from './waiting-share.ts';

/**
 * Share of wanted processor time in which our threads had none, above which a second counts as loud.
 * Calibrated with `npm run prove -- machine`, see docs/reference/accuracy.md.
 */
const LOUD_SHARE = 0.15;
/** Less waiting than this a second delays no answer by an amount that matters, whatever share of a small need it is. */
const LOUD_MS = 4;
/** Seconds that are remembered: an answer that took longer is judged as if it had taken so long. */
const LONGEST_ANSWER_S = 60;

/** One second, as far as it can have delayed answers. */
interface Lost {
  readonly durationMs: number;
  readonly share: number;
  /** The most by which it can have delayed an answer. */
  readonly delayMs: number;
  readonly loud: boolean;
}

const NOTHING: Lost = { durationMs: 0, share: 0, delayMs: 0, loud: false };

/** Upper bounds of the delay of answers that came in one second, by how long they took. */
export class AnswerDelays {
  /** By the number of seconds touched, less 1. */
  readonly #delaysMs: readonly number[];

  /** @param seconds up to that of the answers */
  constructor(seconds: readonly Lost[]) {
    let [sumMs, loud] = [0, false];
    this.#delaysMs = seconds.toReversed().map((second) => {
      sumMs += second.delayMs;
      loud ||= second.loud;
      return loud ? sumMs : 0;
    });
  }

  /**
   * The most by which waiting can have delayed an answer that took `durationMs`; 0 when every second that it touched was
   * quiet. Includes the preceding second, whose delays affect the responses of the next.
   */
  ofMs(durationMs: number): number {
    const touched = Math.min(LONGEST_ANSWER_S, Math.ceil(durationMs / 1000)) + 1;
    return this.#delaysMs[Math.min(touched, this.#delaysMs.length) - 1] ?? 0;
  }
}

/** Processor time that the run lost on one machine, by seconds. */
export class LostTime {
  #recent: Lost[] = [];
  #delays: AnswerDelays | undefined;
  #loudMs = 0;
  #durationMs = 0;
  #loudDelayMs = 0;

  /** Takes the next interval. */
  push(second: MachineSecond): void {
    const lost = lostIn(second);
    this.#durationMs += second.durationMs;
    if (lost.loud) {
      this.#loudMs += second.durationMs;
      this.#loudDelayMs += Math.min(second.durationMs, lost.delayMs);
    }
    this.#delays = undefined;
    this.#recent.push(lost);
    if (this.#recent.length > LONGEST_ANSWER_S + 2) this.#recent.shift();
  }

  /** Whether any second so far was loud. */
  get any(): boolean {
    return this.#loudMs > 0;
  }

  /** Whole seconds, at least one once there was an interval: the last one of a run is short. */
  get seconds(): number {
    return wholeSeconds(this.#durationMs);
  }

  /** Whole seconds that were loud, at most `seconds`. */
  get loudSeconds(): number {
    return wholeSeconds(this.#loudMs);
  }

  /** Of the whole time, the part that loud seconds can have taken from a thread, 0 to 1. */
  get share(): number {
    return this.#durationMs > 0 ? Math.min(1, this.#loudDelayMs / this.#durationMs) : 0;
  }

  /** Of the last interval pushed, what waiting can have taken from a thread; 0 when it was quiet. */
  get lastLostMs(): number {
    const last = this.#recent.at(-1);
    return last?.loud === true ? Math.min(last.durationMs, last.delayMs) : 0;
  }

  /** For the answers that came in the last second pushed; later seconds do not change it. */
  get delays(): AnswerDelays {
    return (this.#delays ??= new AnswerDelays(this.#recent));
  }
}

function wholeSeconds(ms: number): number {
  return ms > 0 ? Math.max(1, Math.round(ms / 1000)) : 0;
}

function lostIn(second: MachineSecond): Lost {
  const { durationMs, waitMs, longestWaitMs, throttledMs, stolenMs, stealShare } = second;
  if (waitMs === null || longestWaitMs === null || durationMs <= 0) return NOTHING;
  // Most kernels count the time that a quota takes as waiting.
  const heldMs = Math.max(waitMs, throttledMs ?? 0);
  const waiting = waitingShare({ runMs: second.runMs, waitMs: heldMs }) ?? 0;
  const share = 1 - (1 - waiting) * (1 - (stealShare ?? 0));
  // A response passes through one event loop per process; waiting of helper threads does not add to it.
  const onTheWayMs = Math.max(longestWaitMs, throttledMs ?? 0);
  // Not capped at the length of the interval: the kernel counts a wait when it ends, so that of the seconds before is in it.
  const delayMs = onTheWayMs + Math.min(durationMs, stolenMs ?? 0);
  return { durationMs, share, delayMs, loud: share > LOUD_SHARE && delayMs > LOUD_MS };
}
