/** Unwinds an interrupted iteration. Callers of the engine never receive it. */
export class Interrupted extends Error {
  constructor() {
    super('the run interrupted this iteration');
  }
}
