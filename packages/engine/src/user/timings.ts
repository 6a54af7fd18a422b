import type { Flight } from '../model/flight.ts';
import type { Timings } from '../model/load-response.ts';
import { BLOCKED, CONNECTING, RECEIVING, SENDING, TLS, WAITING } from '../recorder/phases.ts';

/** Durations of a request that has ended. @param heldMs time that the transport held it back, which does not count */
export function timingsOf(
  { sentMs, requestSentMs, firstByteMs, endMs, connectMs, tlsMs }: Flight,
  intendedMs: number,
  handedOutMs: number,
  heldMs: number,
): Timings {
  // Phases that were not reached take no time; the phase in which the request failed lasts until its end.
  const sent = Number.isNaN(sentMs) ? endMs : sentMs;
  const requestSent = Number.isNaN(requestSentMs) ? endMs : requestSentMs;
  const firstByte = Number.isNaN(firstByteMs) ? endMs : firstByteMs;
  return {
    responseTimeMs: endMs - intendedMs - heldMs,
    serviceTimeMs: endMs - sent,
    queueWaitMs: sent - handedOutMs - heldMs,
    connectMs,
    tlsMs,
    sendingMs: Math.max(0, Math.min(requestSent, firstByte) - sent),
    waitingMs: Math.max(0, firstByte - requestSent),
    receivingMs: endMs - firstByte,
  };
}

/** Index of the last phase that a request entered. */
export function lastPhaseOf({ firstByteMs, requestSentMs, sentMs, tlsMs, connectMs }: Flight): number {
  if (!Number.isNaN(firstByteMs)) return RECEIVING;
  if (!Number.isNaN(requestSentMs)) return WAITING;
  if (!Number.isNaN(sentMs)) return SENDING;
  if (tlsMs > 0) return TLS;
  return connectMs > 0 ? CONNECTING : BLOCKED;
}
