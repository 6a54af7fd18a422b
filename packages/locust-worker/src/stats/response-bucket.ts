/**
 * Locust's `bucket_response_time` (its stats.py): two significant digits, so that a report has few keys: 147 ms become
 * 150, 3432 become 3400, 58760 become 59000.
 *
 * @param ms milliseconds
 */
export function responseBucket(ms: number): number {
  if (ms < 100) return Math.round(ms);
  const step = ms < 1000 ? 10 : ms < 10_000 ? 100 : 1000;
  return Math.round(ms / step) * step;
}
