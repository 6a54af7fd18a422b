import { nowMs } from './monotonic-clock.js';

const FIRST_CAPACITY = 16_384;

/** What arrived when, and was answered when: the server's own record, in flat arrays so that it costs little. */
export class ArrivalLog {
  #numbers = new Float64Array(FIRST_CAPACITY);
  #arrivedMs = new Float64Array(FIRST_CAPACITY);
  #dueMs = new Float64Array(FIRST_CAPACITY);
  #answeredMs = new Float64Array(FIRST_CAPACITY);
  #length = 0;

  /**
   * @param {number} number that the client gave the request; -1: none
   * @returns the place of the entry
   */
  add(number) {
    const entry = this.#length++;
    if (entry >= this.#numbers.length) this.#grow();
    this.#numbers[entry] = number;
    this.#arrivedMs[entry] = nowMs();
    this.#dueMs[entry] = Number.NaN;
    this.#answeredMs[entry] = Number.NaN;
    return entry;
  }

  /**
   * @param {number} entry
   * @param {number} dueMs when the script wanted it answered
   */
  answered(entry, dueMs) {
    this.#dueMs[entry] = dueMs;
    this.#answeredMs[entry] = nowMs();
  }

  report() {
    const length = this.#length;
    return {
      numbers: this.#numbers.slice(0, length),
      arrivedMs: this.#arrivedMs.slice(0, length),
      dueMs: this.#dueMs.slice(0, length),
      answeredMs: this.#answeredMs.slice(0, length),
    };
  }

  #grow() {
    this.#numbers = doubled(this.#numbers);
    this.#arrivedMs = doubled(this.#arrivedMs);
    this.#dueMs = doubled(this.#dueMs);
    this.#answeredMs = doubled(this.#answeredMs);
  }
}

/** @param {Float64Array<ArrayBuffer>} array */
function doubled(array) {
  const grown = new Float64Array(array.length * 2);
  grown.set(array);
  return grown;
}
