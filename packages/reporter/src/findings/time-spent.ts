import { formatLatency, formatShare, type OperationStats, type RunResult } from '@jarvis-load/engine/result';
import type { Finding } from './finding.ts';
import { departures } from './left-limit.ts';

/** Share of the response time from which opening connections is named as the place. */
const MOST = 0.5;
/** Share of the response time before sending that is worth a sentence. */
const NOTABLE = 0.3;

/**
 * Where the mean response time went, of the operation that missed a promise of latency first, else of all requests: opening
 * connections, other time before sending (lateness of the generator, waiting for a user or a connection), or the target.
 * Called only for runs that are too slow.
 */
export function timeSpent(result: RunResult): Finding[] {
  const slow = departures(result).find(({ missed }) => missed.some(({ family }) => family === 'latency'));
  const operation = slow?.operation ?? null;
  const index = operation === null ? -1 : largest(result.operations, operation);
  const stats = result.operations[index] ?? result.totals;
  const base = index < 0 ? '/totals' : `/operations/${index}`;
  const name = index < 0 ? 'all requests' : stats.operation;
  const { meanMs: response } = stats.responseTime;
  const { meanMs: service } = stats.serviceTime;
  if (response === null || service === null || response === 0) return [];
  const evidence = [
    { pointer: `${base}/responseTime/meanMs`, value: response },
    { pointer: `${base}/serviceTime/meanMs`, value: service },
  ];
  const { connecting, tlsHandshaking } = stats.phases;
  // A request is sent once its connection is open: opening it is no part of its service time.
  const opened = (connecting.sumMs + tlsHandshaking.sumMs) / stats.responseTime.sumMs;
  const waited = (response - service) / response - opened;
  const finding = (text: string): Finding[] => [{ code: 'time-spent', text, evidence }];
  const share = (part: number): string =>
    `${formatShare(part)} of the mean response time of ${name} (${formatLatency(response)})`;
  const served = `its service time was ${formatLatency(service)} on average.`;
  if (opened >= MOST) return finding(`Opening connections took ${share(opened)}; ${served}`);
  // k6 counts from the send: whether requests waited before it is not known.
  if (result.generator.engine === 'k6') return [];
  if (waited >= NOTABLE) {
    return finding(
      `Queueing, not the target's own work, took ${share(waited)}, before the request was sent; ${served}`,
    );
  }
  return finding(
    `The time of ${name} was spent in the target (service time), not in a queue before it: ${formatLatency(service)} of ${formatLatency(response)} on average.`,
  );
}

/** Index of the operation with this name that has most requests: several scenarios may have it. */
function largest(operations: readonly OperationStats[], name: string): number {
  return operations.reduce(
    (best, { operation, requests }, index) =>
      operation === name && requests > (operations[best]?.requests ?? -1) ? index : best,
    -1,
  );
}
