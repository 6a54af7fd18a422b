import type { TransportFailure } from '../model/flight.ts';

/**
 * Unwinds an interrupted iteration: its requests and waits reject with it once, later ones never settle. It is no failure:
 * whoever counts exceptions leaves it out. Beside scenario code only the caller of a `Client` gets it, for a request in flight
 * that `close` cuts off.
 */
export class Interrupted extends Error {
  constructor() {
    super('the run interrupted this iteration');
  }
}

/** Failure of a request whose user was interrupted, such as at the end of the run. */
export const INTERRUPTED: TransportFailure = {
  outcome: 'connection_error',
  code: 'interrupted',
  message: 'interrupted by the end of the run',
};
