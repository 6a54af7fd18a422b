import { constants, setPriority } from 'node:os';

/**
 * Lowers the priority of the thread that calls it, a thread that works while another one makes load: where both want the
 * same processor, the load goes first. Beside two busy processes for each processor it still gets 5 % of one.
 * Only on Linux is the priority that of a thread; elsewhere it is left as it is.
 */
export function workBehindTheLoad(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Some sandboxes refuse it: the thread works at the same priority then.
  }
}
