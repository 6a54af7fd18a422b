import { parentPort } from 'node:worker_threads';
import { createServer } from 'node:net';

/*
 * A server that listens and never accepts: its thread stands still from the moment it listens, so that the kernel's queue of
 * connections that nobody takes fills up, and the next ones hang as they do at a host that drops what it is sent.
 */
const server = createServer();
server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
  parentPort?.postMessage(/** @type {import('node:net').AddressInfo} */ (server.address()).port);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});
