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

/** As Locust's `CPU_MONITOR_INTERVAL`: a master warns above 90 percent, which the start of a run alone must not reach. */
const CPU_WINDOW_MS = 5000;
let cpuPercent = 0;
let window = { cpu: process.cpuUsage(), ms: performance.now() };
setInterval(() => {
  const now = { cpu: process.cpuUsage(), ms: performance.now() };
  const busyMs = (now.cpu.user - window.cpu.user + (now.cpu.system - window.cpu.system)) / 1000;
  cpuPercent = Math.round((1000 * busyMs) / (now.ms - window.ms) / threads) / 10;
  window = now;
}, CPU_WINDOW_MS).unref();

/** Of the whole process. */
function usage(): Usage {
  return { cpuPercent, memoryBytes: process.memoryUsage.rss() };
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
