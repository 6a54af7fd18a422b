/**
 * RFC 3339, UTC, with nanoseconds, as chrono formats it. The digits below a millisecond come from the monotonic clock.
 */
export function nanosecondTimestamp(nowMs: number, elapsedMs: number): string {
  const below = Math.floor((elapsedMs % 1) * 1e6);
  return `${new Date(nowMs).toISOString().slice(0, -1)}${String(below).padStart(6, '0')}+00:00`;
}
