import { performance } from 'node:perf_hooks';

/** `performance.now()` is cheap but counts from the start of its thread; the smallest of a few readings is closest. */
const offsetMs = Math.min(
  ...Array.from({ length: 5 }, () => {
    const before = performance.now();
    return Number(process.hrtime.bigint()) / 1e6 - before;
  }),
);

/** CLOCK_MONOTONIC in milliseconds: the same in every process of the machine. */
export function nowMs() {
  return performance.now() + offsetMs;
}
