import { parentPort, workerData } from 'node:worker_threads';
import { workBehindTheLoad } from '@jarvis-load/outputs';
import { JournalFile, type JournalMessage, type JournalStart } from './journal-file.ts';

// The thread that writes a journal: it answers each message once and in order, as `startJournalThread` tells the answers apart by
// their order, and ends after the message `end`.
workBehindTheLoad();
const file = new JournalFile(workerData as JournalStart);
parentPort?.on('message', (message: JournalMessage) => {
  parentPort?.postMessage(file.take(message));
  if (message.kind === 'end') parentPort?.close();
});
