/** Unwinds an iteration that the run cuts off. Never leaves the engine. */
export class Interrupted extends Error {
  constructor() {
    super('the run interrupted this iteration');
  }
}
