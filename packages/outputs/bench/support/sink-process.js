/** Takes every POST with 204; asks a page of another port for its metrics each second. Tells its parent both ports. */
import { once } from 'node:events';
import { createServer } from 'node:http';

/** @typedef {import('node:net').AddressInfo} AddressInfo */

const server = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(204).end());
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = /** @type {AddressInfo} */ (server.address());

// A port that is free now is the one of the page.
const taken = createServer().listen(0, '127.0.0.1');
await once(taken, 'listening');
const { port: scrapedPort } = /** @type {AddressInfo} */ (taken.address());
taken.close();
await once(taken, 'close');

// There is no page between two runs.
setInterval(() => void scrape().catch(() => undefined), 1000);
async function scrape() {
  await (await fetch(`http://127.0.0.1:${scrapedPort}/metrics`)).arrayBuffer();
}
process.on('disconnect', () => process.exit());
process.send?.({ port, scrapedPort });
