// @ts-check
/**
 * Sends chunks to every client, each with the moment at which it was written, in a process of its own. Arguments: milliseconds
 * between two chunks of a stream, and chunks of each stream. A request to /plain is answered, whole, after the same time.
 */
import { createServer } from 'node:http';
import { nowMs } from '../../test/support/monotonic-clock.js';

const [everyMs = 10, chunks = 100] = process.argv.slice(2).map(Number);

const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
  request.resume();
  if (request.url === '/plain') {
    setTimeout(() => response.end('{}'), everyMs * chunks);
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  let sent = 0;
  // Streams do not beat together.
  setTimeout(() => {
    const beat = setInterval(() => {
      response.write(`data: ${nowMs()}\n\n`);
      if (++sent < chunks) return;
      clearInterval(beat);
      response.end('data: [DONE]\n\n');
    }, everyMs);
    response.on('close', () => clearInterval(beat));
  }, Math.random() * everyMs);
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 8192 }, () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.send?.(address.port);
});
process.on('disconnect', () => process.exit());
