import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { Clock } from '@jarvis-load/engine';
import { DealerLink } from './dealer-link.ts';
import type { FromThread, ThreadStart, ToThread } from './messages.ts';
import { WorkerProtocol, type Usage } from './worker-protocol.ts';

/**
 * The thread of the socket: it answers the master also while scenario code keeps the thread of the load busy, for a
 * worker is missing after four seconds of silence.
 */
const { host, port, threads } = workerData as ThreadStart;
/** Locust takes what precedes the first underscore for the host. */
const hostName = hostname().replaceAll('_', '-');
const tell = (message: FromThread): void => parentPort?.postMessage(message);

const clock: Pick<Clock, 'now' | 'wallNow' | 'setTimer'> = {
  now: () => performance.now(),
  wallNow: () => Date.now(),
  setTimer: (delayMs, callback) => setTimeout(callback, delayMs),
};

let last = { cpu: process.cpuUsage(), ms: performance.now() };

/** Of the whole process. */
function usage(): Usage {
  const now = { cpu: process.cpuUsage(), ms: performance.now() };
  const busyMs = (now.cpu.user - last.cpu.user + (now.cpu.system - last.cpu.system)) / 1000;
  const share = busyMs / Math.max(1, now.ms - last.ms) / threads;
  last = now;
  return { cpuPercent: Math.round(share * 1000) / 10, memoryBytes: process.memoryUsage.rss() };
}

const link = new DealerLink(host, port, {
  connected: () => protocol.connected(),
  disconnected: () => protocol.disconnected(),
  received: (frame) => protocol.receive(frame),
});
const protocol = new WorkerProtocol({
  clock,
  link,
  usage,
  hostName,
  newNodeId: () => `${hostName}_${randomUUID().replaceAll('-', '')}`,
  tell: (message) => {
    tell(message);
    if (message.kind === 'closed') parentPort?.close();
  },
});
parentPort?.on('message', (message: ToThread) => protocol.handle(message));
