import type { WireRequest } from '../model/flight.ts';

/**
 * Replaces the wire request after its end: idle request objects of all users would otherwise keep their bodies in
 * memory.
 */
export const NO_WIRE: WireRequest = {
  method: '',
  path: '',
  head: '',
  host: undefined,
  close: false,
  body: null,
  bodyBytes: 0,
};
