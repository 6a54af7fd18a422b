/**
 * Tells whether a connection was read since its last answer: that takes two turns of the event loop, as sockets are read
 * between them. A request on a connection that has just carried another waits for them, so that the end of a connection
 * that follows an answer at once is seen before. Time alone is no proof: this thread may have had no processor meanwhile.
 */
export class LoopTurns<Waiting> {
  readonly #passed: (waiting: Waiting) => void;
  #turn = 0;
  #lastAnswer = 0;
  #counting = false;
  #first: Waiting[] = [];
  #second: Waiting[] = [];
  #running = false;

  /** @param passed called for each that has waited for two turns */
  constructor(passed: (waiting: Waiting) => void) {
    this.#passed = passed;
  }

  /** An answer has come. @returns the number of this turn, for `passedSince` */
  answered(): number {
    this.#lastAnswer = this.#turn;
    // Without a reference the loop is not hastened: turns are counted as they come.
    if (!this.#counting) setImmediate(this.#count).unref();
    this.#counting = true;
    return this.#turn;
  }

  passedSince(turn: number): boolean {
    return this.#turn - turn >= 2;
  }

  wait(waiting: Waiting): void {
    this.#first.push(waiting);
    if (!this.#running) setImmediate(this.#next);
    this.#running = true;
  }

  readonly #count = (): void => {
    this.#turn++;
    this.#counting = !this.passedSince(this.#lastAnswer);
    if (this.#counting) setImmediate(this.#count).unref();
  };

  readonly #next = (): void => {
    const due = this.#second;
    this.#second = this.#first;
    this.#first = [];
    this.#running = this.#second.length > 0;
    if (this.#running) setImmediate(this.#next);
    for (const waiting of due) this.#passed(waiting);
  };
}
