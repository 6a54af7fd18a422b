/**
 * Tells whether a connection was read since its last response, which takes two turns of the event loop: sockets are
 * read between them. The next request on that connection waits for these turns, so that a close directly after the
 * response is detected before the request is sent. Elapsed time proves nothing: the thread may not have been scheduled.
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

  /** Call on each response. @returns the number of this turn, for `passedSince` */
  answered(): number {
    this.#lastAnswer = this.#turn;
    // Unreferenced: a referenced immediate would make the loop turn without waiting for events. Turns are only counted
    // as they occur.
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
