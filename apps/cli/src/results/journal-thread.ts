import { parentPort, workerData } from 'node:worker_threads';
import { workBehindTheLoad } from '@jarvis-load/outputs';
import { JournalFile, type JournalMessage, type JournalStart } from './journal-file.ts';

// The thread that writes a journal: it answers each message, and ends after the last one.
workBehindTheLoad();
const file = new JournalFile(workerData as JournalStart);
parentPort?.on('message', (message: JournalMessage) => {
  parentPort?.postMessage(file.take(message));
  if (message.kind === 'end') parentPort?.close();
});
