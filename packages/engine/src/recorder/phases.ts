import type { RequestPhase } from '../model/snapshot-part.ts';

/**
 * k6's phases of a request, in the order of time: a request has gone through all before its last one. `result/operation-stats.ts`
 * and `ingest/trail.ts` of the reporter repeat this order by position, as does `OperationInterval.phases`.
 */
export const PHASES = [
  'blocked',
  'connecting',
  'tlsHandshaking',
  'sending',
  'waiting',
  'receiving',
] as const satisfies readonly RequestPhase[];

// Constants instead of destructuring, which would run an array iterator for each request.
export const BLOCKED = PHASES.indexOf('blocked');
export const CONNECTING = PHASES.indexOf('connecting');
export const TLS = PHASES.indexOf('tlsHandshaking');
export const SENDING = PHASES.indexOf('sending');
export const WAITING = PHASES.indexOf('waiting');
export const RECEIVING = PHASES.indexOf('receiving');
