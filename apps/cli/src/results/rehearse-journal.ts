import { packSnapshot, parseRunInfo } from '@jarvis-load/engine/replay';
import { rehearse } from '@jarvis-load/outputs';
import { JournalEncoder } from './journal-format.ts';

/**
 * Makes lines of made-up seconds of a run, so that the code is compiled before its load. Where the load has one processor, the
 * first second would otherwise take 40 ms of it, and the second one 15, in place of 2.
 * @param head JSON of the first line
 * @returns number of lines; 0 where it failed: the journal works without, and its first lines take longer
 */
export function rehearseJournal(head: string): number {
  let made = 0;
  const lines = new JournalEncoder();
  lines.line('run', head);
  try {
    rehearse(parseRunInfo(head), (second) => {
      lines.second(packSnapshot({ ...second, pausedMs: 0, intended: [], notes: [], steering: [] }));
      made++;
    });
    return made;
  } catch {
    return 0;
  }
}
