import type { Packable } from '../protocol/write-message.ts';
import type { ReportedSecond } from './second.ts';

/** Most messages between two reports: Locust counts an exception by receiving it once more. */
const MOST_AT_ONCE = 200;
/** Most with the last report, which the master waits half a second for. */
const MOST_AT_THE_END = 2000;
const MOST_KNOWN = 500;

/** Exceptions of scenario code that have not been sent to the master. What `take` returns counts as sent. */
export class ExceptionQueue {
  readonly #tracebacks = new Map<string, string>();
  readonly #waiting = new Map<string, number>();

  add(exceptions: ReportedSecond['exceptions']): void {
    for (const { message, traceback, count } of exceptions) {
      if (traceback !== null && this.#tracebacks.size < MOST_KNOWN) this.#tracebacks.set(message, traceback);
      this.#waiting.set(message, (this.#waiting.get(message) ?? 0) + count);
    }
  }

  /** The next messages, one for each exception. */
  take(atTheEnd: boolean): readonly Packable[] {
    const messages: Packable[] = [];
    const most = atTheEnd ? MOST_AT_THE_END : MOST_AT_ONCE;
    for (const [message, count] of this.#waiting) {
      const now = Math.min(count, most - messages.length);
      const exception = { msg: message, traceback: this.#tracebacks.get(message) ?? message };
      for (let k = 0; k < now; k++) messages.push(exception);
      if (now === count) this.#waiting.delete(message);
      else this.#waiting.set(message, count - now);
      if (messages.length === most) break;
    }
    return messages;
  }

  /** Number of those that wait. */
  get left(): number {
    let sum = 0;
    for (const count of this.#waiting.values()) sum += count;
    return sum;
  }

  reset(): void {
    this.#waiting.clear();
    this.#tracebacks.clear();
  }
}
