import { readFileSync } from 'node:fs';

const POLL_MS = 500;
/** The command name of /proc/<pid>/stat, of shells that run a script line for npm and Nx. */
const SHELLS = new Set(['sh', 'dash', 'bash', 'zsh', 'ash', 'busybox']);

/** What the watch reads from the system. */
export interface ParentSystem {
  /** The present parent of this process. */
  readonly parent: () => number;
  /** Name and parent of another process; undefined where the system does not tell, or it is gone. */
  readonly stat: (pid: number) => { readonly name: string; readonly parent: number } | undefined;
}

/**
 * Calls back once when npm, npx or Nx, which started this process, is gone. They end on a signal without passing it on, or
 * are killed; this process would then put load on the target for the rest of its time, with nobody to stop it.
 *
 * Started by anything else, such as a shell in the background, a process may outlive its parent: nothing is watched.
 *
 * @returns a function that ends the watch
 */
export function watchParent(
  environment: Readonly<Record<string, string | undefined>>,
  onGone: () => void,
  system: ParentSystem = MACHINE,
): () => void {
  const wrapped =
    environment['npm_command'] !== undefined || environment['NX_TASK_TARGET_PROJECT'] !== undefined;
  if (!wrapped) return () => undefined;
  const parent = system.parent();
  // A shell between the two goes on when npm is killed: then it is the shell whose parent changes.
  const shell = system.stat(parent);
  const grandparent = shell !== undefined && SHELLS.has(shell.name) ? shell.parent : undefined;
  const timer = setInterval(() => {
    const isGone =
      system.parent() !== parent ||
      (grandparent !== undefined && system.stat(parent)?.parent !== grandparent);
    if (!isGone) return;
    clearInterval(timer);
    onGone();
  }, POLL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

const MACHINE: ParentSystem = {
  parent: () => process.ppid,
  stat(pid) {
    try {
      // `pid (name) state ppid ...`; the name may hold spaces and parentheses.
      const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
      const end = text.lastIndexOf(')');
      const [, parent] = text.slice(end + 2).split(' ');
      return { name: text.slice(text.indexOf('(') + 1, end), parent: Number(parent) };
    } catch {
      return undefined;
    }
  },
};
