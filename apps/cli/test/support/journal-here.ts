import { Redactor } from '@jarvis-load/engine';
import { JournalFile } from '../../src/results/journal-file.ts';
import { Journal } from '../../src/results/journal.ts';

/** A journal that is written by the thread of the run: a virtual clock does not wait for another one. */
export function journalHere(folder: string, secrets: readonly string[] = []): Journal {
  return new Journal(folder, new Redactor(secrets), (start) => {
    const file = new JournalFile(start);
    return {
      hand: (operations) => void file.take({ kind: 'operations', operations }),
      send: async (message) => file.take(message),
    };
  });
}
