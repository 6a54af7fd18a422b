import { readFileSync } from 'node:fs';

const POLL_MS = 500;
/** Process names in /proc/<pid>/stat of shells that npm and Nx use to run scripts. */
const SHELLS = new Set(['sh', 'dash', 'bash', 'zsh', 'ash', 'busybox']);

/** Process information from the system. */
export interface ParentSystem {
  /** The parent when this process was started, and its name and parent as of then. */
  readonly first: () => { readonly pid: number; readonly stat: ProcessStat | undefined };
  /** Current parent of this process. */
  readonly parent: () => number;
  /** Name and parent of another process; undefined when unknown or when it has ended. */
  readonly stat: (pid: number) => ProcessStat | undefined;
}

interface ProcessStat {
  readonly name: string;
  readonly parent: number;
}

/**
 * Calls back once when npm, npx or Nx, which started this process, has ended. These may end on a signal without
 * forwarding it, or be killed; this process would then continue to load the target without a way for the user to stop
 * it. One that has ended already, such as during the build before a first run, counts at once.
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
  const { pid: parent, stat: shell } = system.first();
  // npm may start this process through a shell, which survives when npm is killed: then the parent of the shell
  // changes.
  const grandparent = shell !== undefined && SHELLS.has(shell.name) ? shell.parent : undefined;
  const isGone = (): boolean =>
    system.parent() !== parent || (grandparent !== undefined && system.stat(parent)?.parent !== grandparent);
  if (isGone()) {
    onGone();
    return () => undefined;
  }
  const timer = setInterval(() => {
    if (!isGone()) return;
    clearInterval(timer);
    onGone();
  }, POLL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** What `bin/jarvis-load.js` leaves; the program may also be started without it. */
const FIRST = Symbol.for('jarvis-load.parent');

const MACHINE: ParentSystem = {
  first() {
    const left = Reflect.get(globalThis, FIRST) as { pid: number; stat: string | undefined } | undefined;
    if (left === undefined) return { pid: process.ppid, stat: MACHINE.stat(process.ppid) };
    return { pid: left.pid, stat: left.stat === undefined ? undefined : parseStat(left.stat) };
  },
  parent: () => process.ppid,
  stat(pid) {
    try {
      return parseStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
    } catch {
      return undefined;
    }
  },
};

/** @param text `pid (name) state ppid ...`; the name may contain spaces and parentheses */
function parseStat(text: string): ProcessStat {
  const end = text.lastIndexOf(')');
  const [, parent] = text.slice(end + 2).split(' ');
  return { name: text.slice(text.indexOf('(') + 1, end), parent: Number(parent) };
}
