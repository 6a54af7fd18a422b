import { parentPort, workerData } from 'node:worker_threads';
import { workBehindTheLoad } from '@jarvis-load/outputs';
import { JournalFile, type JournalMessage, type JournalStart } from './journal-file.ts';
import { rehearseJournal } from './rehearse-journal.ts';

/**
 * Where the load has one processor, a thread that works keeps it for its time slice, 1.4 ms, although the load has more priority and
 * is due. With a sleep between parts that are shorter than that, an arrival waits for one part at most.
 */
const PAUSE_MS = 1;

// The thread that writes a journal: it answers each message but operations once and in order, as `startJournalThread` tells the
// answers apart by their order, and ends after the message `end`.
const start = workerData as JournalStart;
// While the engine warms up: at the priority of the load, so that it is over before the load.
rehearseJournal(start.head);
workBehindTheLoad();
const never = new Int32Array(new SharedArrayBuffer(4));
const file = new JournalFile(start, () => Atomics.wait(never, 0, 0, PAUSE_MS));
parentPort?.on('message', (message: JournalMessage) => {
  const problem = file.take(message);
  if (message.kind !== 'operations') parentPort?.postMessage(problem);
  if (message.kind === 'end') parentPort?.close();
});
