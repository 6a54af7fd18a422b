import { Worker } from 'node:worker_threads';
import type { JournalMessage, JournalProblem, JournalStart } from './journal-file.ts';

/** Writes a journal somewhere else. */
export interface JournalWriter {
  /**
   * Sends the next line. The caller sends `end` last, also after a problem: the thread ends only then.
   * @returns when the line is written, or why it is not; never rejects
   */
  send(message: JournalMessage): Promise<JournalProblem>;
}

/** A thread of its own that writes a journal. It keeps the process alive only for the last message. */
export function startJournalThread(start: JournalStart): JournalWriter {
  const thread = new Worker(new URL('./journal-thread.js', import.meta.url), { workerData: start });
  thread.unref();
  const waiting: ((problem: JournalProblem) => void)[] = [];
  let death: JournalProblem;
  thread.on('message', (problem: JournalProblem) => waiting.shift()?.(problem));
  thread.on('error', ({ message }) => (death = message));
  thread.on('exit', () => {
    death ??= 'its thread has ended';
    for (const settle of waiting.splice(0)) settle(death);
  });
  return {
    send(message) {
      if (death !== undefined) return Promise.resolve(death);
      if (message.kind === 'end') thread.ref();
      return new Promise((resolve) => {
        try {
          thread.postMessage(message);
          waiting.push(resolve);
        } catch (error) {
          void thread.terminate();
          resolve(error instanceof Error ? error.message : String(error));
        }
      });
    },
  };
}
