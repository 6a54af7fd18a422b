/**
 * The floor under an engine that sends through undici: `Client.dispatch` in a loop over so many connections, nothing looked
 * at, nothing recorded.
 *
 *     node bare-undici.js <url> <connections> <seconds> <token> <body>
 */
import { performance } from 'node:perf_hooks';
import { Client } from 'undici';

const [url = '', connections = '1', seconds = '1', token = '', body = ''] = process.argv.slice(2);
const { origin, pathname } = new URL(url);
const endMs = performance.now() + Number(seconds) * 1000;
const headers = ['authorization', token, 'content-type', 'application/json'];
const bytes = Buffer.from(body);

for (let k = 0; k < Number(connections); k++) {
  const client = new Client(origin, { pipelining: 1 });
  const handler = {
    onConnect: () => undefined,
    onHeaders: () => true,
    onData: () => true,
    onComplete() {
      if (performance.now() < endMs) send();
      else void client.destroy();
    },
    onError(/** @type {Error} */ error) {
      throw error;
    },
  };
  const send = () =>
    client.dispatch({ method: 'POST', path: pathname, headers, body: bytes, blocking: false }, handler);
  send();
}
