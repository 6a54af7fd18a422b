/**
 * A mock in a process of its own: started by `spawnMock` with an IPC channel, over which everything goes. Its life
 * hangs on that channel: when the parent is gone, whatever happened to it, the channel closes and so does this
 * process. Signals are for the parent, which still needs the counters: they are told to it and change nothing here. Nx
 * signals a tree of processes from its leaves up and waits for each to end: without that the parent would hear too late.
 */
import { MockError } from './mock-error.ts';
import type { FromChild, Question, Replies, ToChild } from './process/messages.ts';
import type { RunningMock } from './server/start-mock.ts';

if (process.send === undefined) {
  process.stderr.write('This file is started by spawnMock(). To serve the mock, run: npx jarvis-load mock\n');
  process.exit(2);
}
process.on('disconnect', () => process.exit(0));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => tell({ kind: 'signal', signal }));
}

let mock: RunningMock | undefined;

async function answer(question: Question): Promise<Replies[Question['kind']]> {
  if (question.kind === 'start') {
    // Loaded only now: a signal that comes meanwhile must find the handlers above.
    const { startMock } = await import('./server/start-mock.ts');
    mock = await startMock(question.options);
    return { url: mock.url, port: mock.port, config: mock.config };
  }
  if (mock === undefined) throw new MockError('child_failed', 'The mock has not been started yet.');
  switch (question.kind) {
    case 'counters': {
      const running = mock;
      // One turn later: an answer that the client has read is counted by then.
      return await new Promise((resolve) => setImmediate(() => resolve(running.counters())));
    }
    case 'configure':
      return mock.configure(question.sources);
    case 'freeze':
      mock.freeze(question.durationMs);
      return null;
    case 'reset':
      mock.reset();
      return null;
  }
}

function tell(message: FromChild): void {
  // The parent may be gone by now; then `disconnect` follows.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

process.on('message', ({ id, question }: ToChild) => {
  answer(question).then(
    (value) => tell({ kind: 'reply', id, value }),
    (error: unknown) => {
      const code = error instanceof MockError ? error.code : 'child_failed';
      tell({ kind: 'failed', id, code, message: error instanceof Error ? error.message : String(error) });
    },
  );
});
