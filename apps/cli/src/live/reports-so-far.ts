import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { LiveError, type LiveReports, type LiveStore } from '@jarvis-load/live';
import { JOURNAL_NAME } from '../results/journal-format.ts';
import { FILES_SO_FAR } from './files-so-far.ts';

const PROGRAM = fileURLToPath(new URL('./report-process.js', import.meta.url));
/** Characters of what a failed process says. */
const MOST_WORDS = 500;

/**
 * Reports of the run that is on, from its journal; of a run without one there are none (409). They are made one at a time, in
 * a process of low priority: the thread that makes the load does nothing but receive the file.
 */
export function reportsSoFar(store: LiveStore, reportDirectory: string): LiveReports {
  const making = new Map<string, Promise<Uint8Array>>();
  let last: Promise<unknown> = Promise.resolve();
  return {
    async read(file) {
      if (!FILES_SO_FAR.some((name) => name === file)) return undefined;
      const journal = join(reportDirectory, store.state.run?.runId ?? '', JOURNAL_NAME);
      if (!existsSync(journal))
        throw new LiveError(409, 'no-journal', 'The run has no journal, which reports are made of');
      const key = `${journal} ${file}`;
      const known = making.get(key);
      if (known !== undefined) return known;
      const made = last.then(() => makeReport(journal, file));
      last = made.catch(() => undefined);
      making.set(key, made);
      try {
        return await made;
      } finally {
        making.delete(key);
      }
    },
  };
}

async function makeReport(journal: string, file: string): Promise<Uint8Array> {
  const child = fork(PROGRAM, [journal, file], { execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  lowerPriority(child.pid);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [content, words, code] = await Promise.all([buffer(child.stdout!), text(child.stderr!), ended]);
  if (code === 0) return content;
  throw new LiveError(500, 'report', `The report could not be made: ${words.trim().slice(0, MOST_WORDS)}`);
}

function lowerPriority(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended already, or this system does not allow it.
  }
}
