/**
 * Entry point of a mock in its own process, started by `spawnMock` with an IPC channel. The process exits when the
 * channel closes, which happens however the parent ends. Signals are only forwarded to the parent, which still has to
 * read the counters before the mock stops. Nx signals a process tree from its leaves up and waits for each process to
 * exit: without the forwarded signal, the parent would learn of it too late.
 */
import { reasonOf } from '@jarvis-load/engine/show';
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
    // Imported here, not at the top: the signal handlers above must be installed before this slow import.
    const { startMock } = await import('./server/start-mock.ts');
    mock = await startMock(question.options);
    return { url: mock.url, port: mock.port, config: mock.config };
  }
  if (mock === undefined) throw new MockError('child_failed', 'The mock has not been started yet.');
  switch (question.kind) {
    case 'counters': {
      const running = mock;
      // Reply one event-loop turn later: an exchange is counted when its response closes, which may come after the
      // client has read it.
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
  // The channel may already be closed; the `disconnect` event then ends this process.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

process.on('message', ({ id, question }: ToChild) => {
  answer(question).then(
    (value) => tell({ kind: 'reply', id, value }),
    (error: unknown) => {
      const code = error instanceof MockError ? error.code : 'child_failed';
      tell({ kind: 'failed', id, code, message: reasonOf(error) });
    },
  );
});
