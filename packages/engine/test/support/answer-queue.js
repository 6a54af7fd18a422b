import { nowMs } from './monotonic-clock.js';
import { spinUntil } from './spin.js';

/** @typedef {import('node:net').Socket} Socket */

/** How long before a response is due a precise server stops using a timer and polls. */
const SPIN_MS = 1.5;
/**
 * How long it polls the clock before it reads sockets. One loop turn per poll would allocate so much that garbage
 * collection causes lag.
 */
const LOOK_MS = 0.02;

/**
 * When each request is answered, by the script: after a fixed latency, or by one server that takes them in order; not
 * while a stall holds the gate. Answers are due in the order of arrival, so a queue with one timer holds them all.
 */
export class AnswerQueue {
  #script;
  #answer;
  /** @type {{ socket: Socket, entry: number, dueMs: number }[]} */
  #waiting = [];
  #head = 0;
  /** Clock time of the first arrival, which the script's own times count from. */
  #firstMs = Number.NaN;
  #lastDueMs = Number.NEGATIVE_INFINITY;
  #armed = false;
  #stopped = false;

  /**
   * @param {import('./scripted-server.js').Script} script
   * @param {(socket: Socket, entry: number, dueMs: number) => void} answer
   */
  constructor(script, answer) {
    this.#script = script;
    this.#answer = answer;
  }

  /**
   * @param {Socket} socket
   * @param {number} entry
   */
  add(socket, entry) {
    const now = nowMs();
    if (Number.isNaN(this.#firstMs)) this.#firstMs = now;
    const dueMs = this.#due(now);
    if (dueMs <= now) {
      this.#answer(socket, entry, now);
      return;
    }
    this.#waiting.push({ socket, entry, dueMs });
    if (!this.#armed) this.#arm(dueMs - now);
  }

  stop() {
    this.#stopped = true;
  }

  /** @param {number} now */
  #due(now) {
    const { latencyMs = 0, servicePerSecond, stall } = this.#script;
    let startMs = now;
    if (stall !== undefined) {
      const fromMs = this.#firstMs + stall.atMs;
      const toMs = fromMs + stall.forMs;
      if (now >= fromMs && now < toMs) startMs = toMs;
    }
    const dueMs =
      servicePerSecond === undefined
        ? startMs + latencyMs
        : Math.max(startMs, this.#lastDueMs) + 1000 / servicePerSecond;
    this.#lastDueMs = dueMs;
    return dueMs;
  }

  #work = () => {
    this.#armed = false;
    if (this.#stopped) return;
    const nextMs = this.#waiting[this.#head]?.dueMs ?? 0;
    let now = nowMs();
    if (this.#script.precise === true) now = spinUntil(Math.min(nextMs, now + LOOK_MS), now);
    for (;;) {
      const next = this.#waiting[this.#head];
      if (next === undefined) {
        this.#waiting = [];
        this.#head = 0;
        return;
      }
      if (next.dueMs > now) {
        this.#arm(next.dueMs - now);
        return;
      }
      this.#head++;
      this.#answer(next.socket, next.entry, next.dueMs);
      now = nowMs();
    }
  };

  /** @param {number} remainingMs */
  #arm(remainingMs) {
    this.#armed = true;
    if (this.#script.precise !== true) {
      setTimeout(this.#work, Math.max(1, Math.ceil(remainingMs)));
    } else if (remainingMs > SPIN_MS + 1) {
      setTimeout(this.#work, Math.floor(remainingMs - SPIN_MS));
    } else {
      setImmediate(this.#work);
    }
  }
}
