import { readFileSync } from 'node:fs';

const POLL_MS = 500;
/** Process names in /proc/<pid>/stat of shells that npm and Nx use to run scripts. */
const SHELLS = new Set(['sh', 'dash', 'bash', 'zsh', 'ash', 'busybox']);

/** Process information from the system. */
export interface ParentSystem {
  /** Current parent of this process. */
  readonly parent: () => number;
  /** Name and parent of another process; undefined when unknown or when it has ended. */
  readonly stat: (pid: number) => { readonly name: string; readonly parent: number } | undefined;
}

/**
 * Calls back once when npm, npx or Nx, which started this process, has ended. These may end on a signal without
 * forwarding it, or be killed; this process would then continue to load the target without a way for the user to stop
 * it.
 *
 * They are known by variables that they set. The parent of any other process, such as a shell in the background, may end before it, so
 * it is not watched.
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
  // npm may start this process through a shell, which survives when npm is killed: then the parent of the shell
  // changes.
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
      // `pid (name) state ppid ...`; the name may contain spaces and parentheses.
      const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
      const end = text.lastIndexOf(')');
      const [, parent] = text.slice(end + 2).split(' ');
      return { name: text.slice(text.indexOf('(') + 1, end), parent: Number(parent) };
    } catch {
      return undefined;
    }
  },
};
