import { encode } from '@msgpack/msgpack';
import { OUTCOMES, type Outcome } from '@jarvis-load/engine/outcome';
import { Histogram } from '@jarvis-load/engine/recorder';
import { VirtualClock } from '@jarvis-load/engine/testing';
import type { ReportedSecond } from '../../src/stats/second.ts';
import type { FromThread } from '../../src/thread/messages.ts';
import { WorkerProtocol } from '../../src/thread/worker-protocol.ts';

/** A worker without socket and load, on a virtual clock. */
export function drivenWorker() {
  const clock = new VirtualClock();
  const sent: { readonly type: string; readonly data: unknown }[] = [];
  const told: FromThread[] = [];
  const opened: string[] = [];
  const protocol = new WorkerProtocol({
    clock,
    link: {
      send: (type, data) => void sent.push({ type, data }),
      open: (nodeId) => void opened.push(nodeId),
      close: () => Promise.resolve(),
    },
    tell: (message) => void told.push(message),
    usage: () => ({ cpuPercent: 12.5, memoryBytes: 1000 }),
    newNodeId: () => `host_${opened.length}`,
    hostName: 'host',
  });
  const fromMaster = (type: string, data: unknown = null): void =>
    protocol.receive(encode([type, data, opened.at(-1)!]));
  return {
    clock,
    protocol,
    sent,
    told,
    opened,
    fromMaster,
    /** Messages of a type since the last call for any. */
    take: (type?: string) => sent.splice(0).filter((message) => type === undefined || message.type === type),
    spawn: (counts: Record<string, number>, timestamp: number, more: Record<string, unknown> = {}) =>
      fromMaster('spawn', {
        timestamp,
        user_classes_count: counts,
        host: null,
        stop_timeout: 0,
        parsed_options: {},
        ...more,
      }),
    register: () => {
      protocol.handle({ kind: 'join' });
      protocol.connected();
      fromMaster('ack', { index: 0 });
    },
  };
}

/** One second with as many requests, each of 100 ms and 50 bytes; one in ten fails. */
export function madeSecond(
  requests: number,
  { last = false, startWallMs = 0, name = 'chat.send' } = {},
): ReportedSecond {
  const failed = Math.floor(requests / 10);
  const times = new Histogram();
  for (let k = 0; k < requests; k++) times.record(100_000 + k);
  const outcomes = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  outcomes.ok = requests - failed;
  outcomes.server_error = failed;
  return {
    startWallMs,
    endWallMs: startWallMs + 1000,
    last,
    operations: [
      { name, method: 'POST', outcomes, bytesReceived: 50 * requests, response: [times.snapshot()] },
    ],
    errors:
      failed === 0
        ? []
        : [
            {
              name,
              method: 'POST',
              text: 'server_error http_503: busy',
              count: failed,
              firstWallMs: startWallMs + 10,
              lastWallMs: startWallMs + 900,
            },
          ],
    errorsNotKept: 0,
    exceptions: [],
  };
}
