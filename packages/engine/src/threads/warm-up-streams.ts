import type { Socket } from 'node:net';
import type { Operation, ScenarioDefinition } from '../model/scenario.ts';
import type { ExecutorOptions } from '../model/executor-options.ts';

/** Pieces of each streamed response; times `STREAMS`, enough that reading them is compiled. */
const PIECES = 20;
/** Streams of one rehearsal. */
export const STREAMS = 240;
/** At once. */
export const READERS = 8;
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n';
const LAST = '0\r\n\r\n';

/** A route for each way in which a body is divided, and its pieces. */
const PIECES_OF = {
  '/sse': (index: number) => (index === PIECES ? 'data: [DONE]\n\n' : `data: {"text":"word ${index}"}\n\n`),
  '/ndjson': (index: number) => `{"text":"word ${index}"}\n`,
  '/chunked': (index: number) => `word ${index}`,
};
const OPERATIONS: readonly Operation[] = [
  { name: 'sse', method: 'GET', route: '/sse', stream: 'sse', good: 'ttft < 800 ms and gap p99 < 200 ms' },
  { name: 'ndjson', method: 'GET', route: '/ndjson', stream: 'ndjson' },
  { name: 'chunked', method: 'GET', route: '/chunked', stream: 'chunked' },
];

/** Users who read streams to their end. */
export function streamReaders(executor: ExecutorOptions): ScenarioDefinition {
  return {
    name: 'streams',
    operations: OPERATIONS,
    executor,
    run: async (user) => {
      const { name, route } = OPERATIONS[user.iteration % OPERATIONS.length]!;
      const stream = user.stream({ operation: name, path: route });
      for await (const part of stream) if (part.kind === 'done') break;
      await stream.response;
    },
  };
}

/**
 * Answers a request of {@link streamReaders}, a piece in each turn of the event loop.
 * @returns whether it is one
 */
export function answerStream(request: Buffer, socket: Socket): boolean {
  const line = request.toString('latin1', 'GET '.length, request.indexOf(' HTTP/1.1'));
  const piece = PIECES_OF[line as keyof typeof PIECES_OF] as ((index: number) => string) | undefined;
  if (piece === undefined) return false;
  socket.write(HEAD);
  let written = 0;
  const next = (): void => {
    if (socket.destroyed) return;
    const text = piece(++written);
    socket.write(`${text.length.toString(16)}\r\n${text}\r\n${written === PIECES ? LAST : ''}`);
    if (written < PIECES) setImmediate(next);
  };
  setImmediate(next);
  return true;
}
