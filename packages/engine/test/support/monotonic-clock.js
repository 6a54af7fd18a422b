import { performance } from 'node:perf_hooks';

/** `performance.now()` is fast but counts from the start of its thread; the minimum of a few readings is closest. */
const offsetMs = Math.min(
  ...Array.from({ length: 5 }, () => {
    const before = performance.now();
    return Number(process.hrtime.bigint()) / 1e6 - before;
  }),
);

/** CLOCK_MONOTONIC in milliseconds, common to all processes of the machine. */
export function nowMs() {
  return performance.now() + offsetMs;
}
