import { formatLatency, formatShare, type OperationStats, type RunResult } from '@jarvis-load/engine/result';
import type { Finding } from './finding.ts';
import { departures } from './left-limit.ts';

/** From this share on, a part stands for the whole. */
const MOST = 0.5;
const NOTABLE = 0.3;

/** Where slow requests spent their time: before they were sent, opening connections, or in the target. */
export function timeSpent(result: RunResult): Finding[] {
  const slow = departures(result).find(({ missed }) =>
    missed.some(({ aspect }) => aspect.startsWith('p')),
  )?.operation;
  const index = slow === undefined ? -1 : largest(result.operations, slow);
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
  const waited = (response - service) / response;
  if (waited >= NOTABLE) {
    return [
      {
        code: 'time-spent',
        text: `Queueing grew, not the target's own work: ${formatShare(waited)} of the mean response time of ${name} (${formatLatency(response)}) passed before a request was sent; its service time was ${formatLatency(service)} on average.`,
        evidence,
      },
    ];
  }
  const { connecting, tlsHandshaking } = stats.phases;
  const opened = (connecting.sumMs + tlsHandshaking.sumMs) / Math.max(1e-9, stats.serviceTime.sumMs);
  const place = opened >= MOST ? 'in opening connections' : 'in the target (service time)';
  return [
    {
      code: 'time-spent',
      text: `The time of ${name} was spent ${place}, not in a queue before it: ${formatLatency(service)} of ${formatLatency(response)} on average.`,
      evidence,
    },
  ];
}

/** Index of the operation with this name that has most requests: several scenarios may have it. */
function largest(operations: readonly OperationStats[], name: string): number {
  return operations.reduce(
    (best, { operation, requests }, index) =>
      operation === name && requests > (operations[best]?.requests ?? -1) ? index : best,
    -1,
  );
}
