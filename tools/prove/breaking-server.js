// @ts-check
/**
 * Child process: an HTTP/1.1 server that breaks its connections as its argument says, and counts what it did. Sends its
 * port to its parent, and its counts on request.
 */
import { createServer } from 'node:net';

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}';
/** The number of the request at which a connection is broken. */
const BROKEN_AT = process.argv[2] === 'end' ? 5 : 3;
const IDLE_MS = 1000;

/** @typedef {{ answered: number, brokenOff: number, unanswered: number }} ServerRecord `unanswered`: taken off the wire after the end */
/** @type {ServerRecord} */
const record = { answered: 0, brokenOff: 0, unanswered: 0 };
const behaviour = process.argv[2] ?? '';

const server = createServer((socket) => {
  let requests = 0;
  let ended = false;
  /** @type {NodeJS.Timeout | undefined} */
  let idle;
  socket.on('error', () => undefined);
  socket.on('close', () => clearTimeout(idle));
  // Requests are small, so each arrives in one `data` event.
  socket.on('data', () => {
    clearTimeout(idle);
    if (ended) {
      record.unanswered++;
      return;
    }
    const last = ++requests === BROKEN_AT;
    ended = last && behaviour !== 'idle';
    if (last && behaviour === 'close') socket.destroy();
    else if (last && behaviour === 'reset') socket.resetAndDestroy();
    else if (last && behaviour === 'end') socket.end(ANSWER);
    else socket.write(ANSWER);
    if (last && (behaviour === 'close' || behaviour === 'reset')) record.brokenOff++;
    else record.answered++;
    if (behaviour === 'idle') idle = setTimeout(() => socket.destroy(), IDLE_MS);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.send?.(address.port);
});
process.on('message', () => process.send?.(record));
process.on('disconnect', () => process.exit());
