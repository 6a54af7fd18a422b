import { Worker } from 'node:worker_threads';
import type { OperationPart } from '@jarvis-load/engine';
import { reasonOf } from '@jarvis-load/engine/show';
import type { JournalMessage, JournalProblem, JournalStart } from './journal-file.ts';

/** Writes a journal somewhere else. */
export interface JournalWriter {
  /** Operations of the next second, in order: its message has none. Not answered; a failure is the answer to that message. */
  hand(operations: readonly OperationPart[]): void;
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
  const post = (message: JournalMessage): void => {
    if (death !== undefined) return;
    try {
      thread.postMessage(message);
    } catch (error) {
      void thread.terminate();
      death = reasonOf(error);
    }
  };
  return {
    hand: (operations) => post({ kind: 'operations', operations }),
    send(message) {
      if (message.kind === 'end') thread.ref();
      post(message);
      return death === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(death);
    },
  };
}
