import { parentPort } from 'node:worker_threads';
import { createServer } from 'node:net';

/*
 * A server that listens and never accepts: its thread is blocked from the moment it listens, so that the kernel's
 * accept queue fills up and further connections hang, as with a host that drops packets.
 */
const server = createServer();
server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
  parentPort?.postMessage(/** @type {import('node:net').AddressInfo} */ (server.address()).port);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});
